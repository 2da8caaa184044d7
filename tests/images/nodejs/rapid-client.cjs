// In the place of the native client of aws-lambda-ric, which takes a minute of compiling: the same three functions.
// All that finds, loads and calls a handler is aws-lambda-ric's own.
const http = require("node:http");

const [hostname, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true });
let posted = Promise.resolve();

function send(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const options = { hostname, port, method, agent, headers, path: `/2018-06-01/runtime/invocation/${path}` };
    const request = http.request(options, (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headers, bodyJson: Buffer.concat(chunks).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

module.exports = {
  next: () => posted.then(() => send("GET", "next")),
  done: (id, body) => {
    posted = send("POST", `${id}/response`, body);
  },
  error: (id, body) => {
    posted = send("POST", `${id}/error`, body, { "Lambda-Runtime-Function-Error-Type": "Unhandled" });
  },
};
