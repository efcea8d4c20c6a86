import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { TabweaveProvider } from "tabweave/react";
import { App } from "./components/App.js";
import { client } from "./rooms/client.js";
import { offerProbe } from "./rooms/probe.js";
import "./styles/tokens.css";
import "tabweave/ui.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/page.css";
import "./styles/card.css";
import "./styles/session.css";
import "./styles/resolver.css";

offerProbe();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element with the id root.");
createRoot(root).render(
  <StrictMode>
    <TabweaveProvider client={client}>
      <App />
    </TabweaveProvider>
  </StrictMode>,
);
