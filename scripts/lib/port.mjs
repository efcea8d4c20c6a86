// A port must be free before anything long is started for it.

import { connect, createServer } from "node:net";
import { Stop } from "./stop.mjs";

/** Fails with one line if somebody listens on this loopback port; `option` names the flag to choose another. */
export function needFreePort(port, purpose, option) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => reject(unusable(error, port, purpose, option)));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve()));
  });
}

/** Whether somebody listens on this loopback port by now. */
export function isListening(port) {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => socket.end(() => resolve(true)));
    socket.once("error", () => resolve(false));
  });
}

function unusable(error, port, purpose, option) {
  if (error.code !== "EADDRINUSE")
    return new Stop(`port ${port} for ${purpose} cannot be used: ${error.message}`);
  return new Stop(
    `port ${port} for ${purpose} is in use: end what listens there, or run npm start -- ${option} N`,
  );
}
