import { maxHeaderSize } from "node:http";
import Fastify from "fastify";

/** @import { FastifyRequest, FastifyServerOptions } from "fastify" */

const greeting = {
  params: {
    type: "object",
    properties: { name: { type: "string", maxLength: 100 } },
  },
};

/** @param {FastifyRequest<{ Params: { name: string } }>} request */
const greet = async ({ params: { name } }) => ({ message: `hello ${name}` });

/**
 * Makes the server, which knows nothing of Lambda; app.js starts it.
 *
 * @param {FastifyServerOptions} [options]
 */
export const buildServer = (options) => {
  // A name that is too long is for the schema to refuse; the router's own limit would answer 404.
  const server = Fastify({ ...options, routerOptions: { maxParamLength: maxHeaderSize } });
  // The Lambda Web Adapter and load balancers check this path, too often for the log.
  server.get("/health", { logLevel: "warn" }, async () => ({ status: "ok" }));
  // Without the pattern, a name may be empty.
  server.get("/greetings/:name([^/]+)", { schema: greeting }, greet);
  return server;
};
