/** What the function is invoked with. The package @types/aws-lambda has types for the events of AWS services. */
interface GreetingRequest {
  readonly name?: string;
}

/** What the function answers. */
interface Greeting {
  readonly message: string;
}

/** Greets whoever the request names, or else the world. */
export const lambdaHandler = async ({ name }: GreetingRequest): Promise<Greeting> => ({
  message: `hello ${name || "world"}`,
});
