// Puts the backend together and starts it.
import type { AddressInfo } from "node:net";
import { Deployment } from "./deployment.js";
import { Faults } from "./faults.js";
import { Functions } from "./functions.js";
import { Doors } from "./http.js";
import { type Options, parseOptions, Refused } from "./options.js";

const HOST = "127.0.0.1";

/** The function that fills a new database, if the app has it. */
const SEED = "seed:run";

/** Starts and prints `ready http://127.0.0.1:PORT`, or prints one line about what is wrong. */
export async function start(checkout: string, argv: string[]): Promise<void> {
  try {
    console.log(`ready ${await listen(parseOptions(checkout, argv))}`);
  } catch (error) {
    console.error(error instanceof Refused ? error.message : error);
    process.exit(1);
  }
  // Everything that was answered is on disk already.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(0));
}

async function listen(options: Options): Promise<string> {
  const doors = new Doors(options);
  // The port comes first: whoever has it is also the one who writes the file.
  const port = await bind(doors, options.port);
  const functions = await Functions.load(options.functions, options.cache);
  const deployment = await open(functions, options.data);
  if (deployment.isNew && !options.empty && functions.has(SEED)) {
    const answer = await functions.runAny("mutation", { path: SEED, args: {}, identity: null });
    if (!answer.success) throw new Refused(`${SEED} failed: ${answer.errorMessage}`);
    await deployment.flush();
  }
  doors.open(deployment);
  return `http://${HOST}:${port}`;
}

async function open(functions: Functions, path: string): Promise<Deployment> {
  try {
    return await Deployment.open(functions, new Faults(), path);
  } catch (error) {
    const reason = (error as Error).message;
    throw new Refused(
      `Cannot use ${path} (${reason}). Delete it to start empty, or choose another with --data.`,
    );
  }
}

async function bind({ server }: Doors, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Refused(`Port ${port} is taken. Stop the program that has it, or choose another with --port.`)
          : error,
      );
    });
    server.listen(port, HOST, resolve);
  });
  return (server.address() as AddressInfo).port;
}
