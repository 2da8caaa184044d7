import { buildServer } from "./server.js";

const server = buildServer({ logger: true });

// Finish the requests in progress.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => server.close());
}

server.listen({ host: "0.0.0.0", port: 8000 }, (error) => {
  if (error) {
    server.log.fatal(error);
    process.exit(1);
  }
});
