import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** @import { S3Event } from "aws-lambda" */

/**
 * What an object asks for.
 *
 * @typedef {object} Order
 * @property {string} orderId
 * @property {number} quantity
 */

const maxQuantity = 2 ** 31 - 1;
// The flag u makes characters of surrogate pairs, and leaves out half ones, which have no UTF-8.
const validOrderId = /^\P{Surrogate}+$/u;

// Created once for each execution environment. Two requests that hang fit into the function's 30 seconds, with all their
// attempts and the pauses between them; a large object may take longer to read, since requestTimeout ends when the answer
// begins. Without throwOnRequestTimeout, the SDK would warn and go on waiting.
const s3 = new S3Client({
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
});

/**
 * Imports the order in each new object of a bucket; S3 sends one in an event. After an error, Lambda runs the event again,
 * and in the end sends it to the failure queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 *
 * @param {S3Event} event
 */
export const lambdaHandler = async (event) => {
  for (const { s3: created } of event.Records) {
    // In events, a key is encoded as in an HTML form.
    const key = decodeURIComponent(created.object.key.replaceAll("+", " "));
    try {
      await importOrder(created.bucket.name, key);
    } catch (error) {
      // Lambda logs the error as well, but not which object it was.
      console.error({ message: "import failed", key, error });
      throw error;
    }
  }
};

/**
 * Processes the order in an object and writes the result to processed/. S3 sends an event at least once, and Lambda runs a
 * failed one again: a repeated event overwrites the result with the same, so it is harmless as long as nobody overwrites
 * the object.
 *
 * @param {string} bucket
 * @param {string} key
 */
const importOrder = async (bucket, key) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  // Without fatal, bytes that are not UTF-8 would be replaced silently.
  const text = new TextDecoder("utf-8", { fatal: true }).decode(await Body?.transformToByteArray());
  const order = parseOrder(text);
  const status = await processOrder(order);
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `processed/${key.replace(/^incoming\//, "")}`,
      Body: JSON.stringify({ ...order, status }),
      ContentType: "application/json",
    }),
  );
  console.info({ message: "order imported", key, order_id: order.orderId, quantity: order.quantity });
};

/**
 * Returns the order in an object's text.
 *
 * @param {string} text
 * @returns {Order}
 */
const parseOrder = (text) => {
  const { orderId, quantity } = JSON.parse(text);
  if (typeof orderId !== "string" || !validOrderId.test(orderId)) {
    throw new TypeError("orderId must be a string of one or more characters");
  }
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) {
    throw new TypeError(`quantity must be an integer from 1 to ${maxQuantity}`);
  }
  return { orderId, quantity };
};

/**
 * Does what an order asks for and returns its new status: your own work goes here.
 *
 * The same order may come twice: make this idempotent, for example by recording the order's id with a conditional write
 * before doing the work.
 *
 * @param {Order} _order
 */
const processOrder = async (_order) => "accepted";
