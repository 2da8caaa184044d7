import type { EventBridgeEvent } from "aws-lambda";

/** The part of an event that this function reads. */
type OrderPlaced = Pick<EventBridgeEvent<"Order Placed", unknown>, "id" | "detail">;

/** What an event asks for. */
interface Order {
  readonly orderId: string;
  readonly quantity: number;
}

const maxQuantity = 2 ** 31 - 1;
// The flag u makes characters of surrogate pairs, and leaves out half ones, which have no UTF-8.
const validOrderId = /^\P{Surrogate}+$/u;

/**
 * Ships the order of an event. After an error, Lambda runs the event again, and in the end sends it to the failure queue:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const lambdaHandler = async (event: OrderPlaced): Promise<void> => {
  try {
    await processOrder(parseOrder(event.detail));
  } catch (error) {
    // Lambda logs the error as well, but not which event it was.
    console.error({ message: "event failed", event_id: event.id, error });
    throw error;
  }
};

/** Returns the order in an event's detail. */
const parseOrder = (detail: unknown): Order => {
  const { orderId, quantity } = detail as Partial<Record<keyof Order, unknown>>;
  if (typeof orderId !== "string" || !validOrderId.test(orderId)) {
    throw new TypeError("orderId must be a string of one or more characters");
  }
  if (typeof quantity !== "number" || !Number.isInteger(quantity) || quantity < 1 || quantity > maxQuantity) {
    throw new TypeError(`quantity must be an integer from 1 to ${maxQuantity}`);
  }
  return { orderId, quantity };
};

/**
 * Ships an order: your own work goes here.
 *
 * EventBridge delivers an event at least once, and Lambda runs a failed one again, so the same order may come twice: make
 * this idempotent, for example by recording the order's id with a conditional write before doing the work.
 */
const processOrder = async ({ orderId, quantity }: Order): Promise<void> => {
  console.info({ message: "order shipped", order_id: orderId, quantity });
};
