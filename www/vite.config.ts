import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/**
 * What the built page may do. `wasm-unsafe-eval` lets it compile the engine; the loopback addresses are
 * for the embedded backend, the others for a deployment.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' ws://127.0.0.1:* http://127.0.0.1:* ws://localhost:* http://localhost:* wss://*.convex.cloud https://*.convex.cloud",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types campaign-table",
].join("; ");

/** In the build only: the development server injects scripts and styles that no strict policy lets through. */
function contentSecurityPolicy(): Plugin {
  return {
    name: "content-security-policy",
    apply: "build",
    transformIndexHtml: () => [
      {
        tag: "meta",
        attrs: { "http-equiv": "Content-Security-Policy", content: CONTENT_SECURITY_POLICY },
        injectTo: "head-prepend",
      },
    ],
  };
}

export default defineConfig({
  plugins: [
    react(),
    contentSecurityPolicy(),
    VitePWA({
      registerType: "prompt",
      // The page registers the worker itself, with a trusted address.
      injectRegister: false,
      manifest: {
        name: "Campaign table",
        short_name: "Campaign",
        description: "A shared campaign table that keeps working offline.",
        theme_color: "#29357f",
        background_color: "#e8ecf3",
        display: "standalone",
        icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      workbox: {
        globPatterns: ["**/*.{html,js,css,svg,wasm,webmanifest}"],
        // A tab that was open before the worker came is served by it too, so that its next reload works offline.
        clientsClaim: true,
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
      },
    }),
  ],
  build: {
    target: "es2022",
    modulePreload: { polyfill: false },
    // Small files as data: addresses would be refused by the policy.
    assetsInlineLimit: 0,
  },
});
