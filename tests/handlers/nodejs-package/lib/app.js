import ms from "ms";

/** Says how long something takes. */
export const lambdaHandler = async (event) => ({ name: event.name, milliseconds: ms("2 days") });
