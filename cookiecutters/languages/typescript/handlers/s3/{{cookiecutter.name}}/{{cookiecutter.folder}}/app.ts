import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { S3Event } from "aws-lambda";

/** What an object asks for. */
interface Order {
  readonly orderId: string;
  readonly quantity: number;
}

const maxQuantity = 2 ** 31 - 1;

// Created once for each execution environment. All attempts of a request that hangs fit into the function's 10 seconds;
// without throwOnRequestTimeout, the SDK would warn and go on waiting.
const s3 = new S3Client({
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
});

/**
 * Imports the order in each new object of a bucket; S3 sends one in an event. After an error, Lambda runs the event again,
 * and in the end sends it to the failure queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const lambdaHandler = async (event: S3Event): Promise<void> => {
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
 * failed one again: a repeated event overwrites the result with the same, so it is harmless.
 */
const importOrder = async (bucket: string, key: string): Promise<void> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const order = parseOrder((await Body?.transformToString()) ?? "");
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

/** Returns the order in an object's text. */
const parseOrder = (text: string): Order => {
  const { orderId, quantity }: Partial<Record<keyof Order, unknown>> = JSON.parse(text, refuseFractions);
  if (typeof orderId !== "string" || orderId === "") {
    throw new TypeError("orderId must be a string that is not empty");
  }
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) {
    throw new TypeError(`quantity must be an integer from 1 to ${maxQuantity}`);
  }
  return { orderId, quantity };
};

/**
 * Makes NaN of a number with a fraction or an exponent, such as 2.0, which JSON.parse would turn into the integer 2.
{% if cookiecutter.runtime_version | int < 22 %}
 * Needs Node.js 22 or later, since an earlier one does not pass the context: there, 2.0 is still a 2.
{% endif %}
 */
const refuseFractions = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
  typeof value === "number" && /[.e]/i.test(context?.source ?? "") ? Number.NaN : value;

/**
 * Does what an order asks for and returns its new status: your own work goes here.
 *
 * The same order may come twice: make this idempotent, for example by recording the order's id with a conditional write
 * before doing the work.
 */
const processOrder = async (_order: Order): Promise<string> => "accepted";
