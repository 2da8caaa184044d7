/**
 * What the function is invoked with. The npm package @types/aws-lambda has types for the events of AWS services.
 *
 * @typedef {object} GreetingRequest
 * @property {string} [name]
 */

/**
 * What the function answers.
 *
 * @typedef {object} Greeting
 * @property {string} message
 */

/**
 * Greets whoever the request names, or else the world.
 *
 * @param {GreetingRequest} request
 * @returns {Promise<Greeting>}
 */
export const lambdaHandler = async ({ name }) => ({ message: `hello ${name || "world"}` });
