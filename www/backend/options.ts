// The command line.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const USAGE = `node www/backend/main.mjs [options]
  --port N           port on 127.0.0.1, 0 for a free one (3210)
  --data FILE        where everything is kept (.cache/backend/data.json in the checkout)
  --functions DIR    the Convex functions (www/convex in the checkout)
  --origin URL       accept browsers from this origin only; may be given several times (any loopback origin)
  --empty            do not run seed:run when there is no data file yet
  --faults --token T accept POST /faults and GET /stats from whoever knows T`;

export type Options = {
  port: number;
  data: string;
  functions: string;
  cache: string;
  origins: string[];
  /** A new data file starts without the sample data of `seed:run`. */
  empty: boolean;
  /** The token of the fault rules; without one there are none. */
  token: string | null;
};

/** Something the person at the command line can put right; shown without a stack. */
export class Refused extends Error {}

export function parseOptions(checkout: string, argv: string[]): Options {
  const { values } = parse(argv);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Refused(`--port ${values.port} is not a port.`);
  if ((values.faults ?? false) !== (values.token !== undefined)) {
    throw new Refused("--faults and --token go together.");
  }
  const cache = join(checkout, ".cache", "backend");
  return {
    port,
    data: resolve(values.data ?? join(cache, "data.json")),
    functions: resolve(values.functions ?? join(checkout, "www", "convex")),
    cache,
    origins: values.origin ?? [],
    empty: values.empty ?? false,
    token: values.token ?? null,
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        port: { type: "string", default: "3210" },
        data: { type: "string" },
        functions: { type: "string" },
        origin: { type: "string", multiple: true },
        empty: { type: "boolean" },
        faults: { type: "boolean" },
        token: { type: "string" },
      },
    });
  } catch (error) {
    throw new Refused(`${(error as Error).message}\n${USAGE}`);
  }
}
