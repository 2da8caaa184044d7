/**
 * Describes what is wrong with a request: https://www.rfc-editor.org/rfc/rfc9457
 *
 * @param {number} status
 * @param {string} title
 * @param {string} detail
 */
export const problem = (status, title, detail) =>
  respond(status, { title, status, detail }, "application/problem+json");

/** @param {string} detail */
export const badRequest = (detail) => problem(400, "Bad Request", detail);

/**
 * @param {number} statusCode
 * @param {object} body
 */
export const respond = (statusCode, body, contentType = "application/json") => ({
  statusCode,
  headers: { "Content-Type": contentType },
  body: JSON.stringify(body),
});
