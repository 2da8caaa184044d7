import { maxHeaderSize } from "node:http";
import Fastify, { type FastifyInstance, type FastifyServerOptions } from "fastify";

interface Greeting {
  Params: { name: string };
  Reply: { message: string };
}

const greeting = {
  params: {
    type: "object",
    properties: { name: { type: "string", maxLength: 100 } },
  },
};

/** Makes the server, which knows nothing of Lambda; app.ts starts it. */
export const buildServer = (options: FastifyServerOptions = {}): FastifyInstance => {
  // A name that is too long is for the schema to refuse; the router's own limit would answer 404.
  const server = Fastify({ ...options, routerOptions: { maxParamLength: maxHeaderSize } });
  // The Lambda Web Adapter and load balancers check this path, too often for the log.
  server.get("/health", { logLevel: "warn" }, async () => ({ status: "ok" }));
  // Without the pattern, a name may be empty.
  server.get<Greeting>("/greetings/:name([^/]+)", { schema: greeting }, async ({ params: { name } }) => ({
    message: `hello ${name}`,
  }));
  return server;
};
