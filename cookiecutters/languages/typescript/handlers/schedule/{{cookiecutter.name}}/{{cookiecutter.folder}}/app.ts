/** What the schedule in template.yaml sends. */
interface ScheduleEvent {
  /** The time that this run was due, which stays the same when it is repeated. */
  readonly scheduledTime: string;
}

/** What the function answers. */
interface Report {
  /** The day that it reported on, such as 2026-02-28. */
  readonly day: string;
}

const rfc3339 = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/;

/**
 * Reports on the day before the scheduled time, in UTC. After an error, Lambda runs the event again, and in the end sends
 * it to the failure queue: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const lambdaHandler = async (event: ScheduleEvent): Promise<Report> => {
  const day = dayBefore(event.scheduledTime);
  await makeReport(day);
  return { day };
};

/** Returns the day before a scheduled time, in UTC. */
const dayBefore = (scheduledTime: string): string => {
  const [, date] = rfc3339.exec(scheduledTime) ?? [];
  const due = new Date(scheduledTime);
  // Date makes 2 March of 30 February.
  if (!date || Number.isNaN(due.getTime()) || !new Date(date).toISOString().startsWith(date)) {
    const value = JSON.stringify(scheduledTime);
    throw new TypeError(`scheduledTime must be a time such as 2026-03-01T02:00:00Z, and not ${value}`);
  }
  due.setUTCDate(due.getUTCDate() - 1);
  return due.toISOString().slice(0, 10);
};

/**
 * Makes the report on a day, such as 2026-02-28: your own work goes here.
 *
 * A schedule invokes the function at least once, and Lambda runs a failed event again, so the same day may come twice:
 * make this idempotent, for example by storing the report under a name that is made of the day. Take the time from the
 * day and not from the clock, which has gone on when a run is repeated.
 */
const makeReport = async (day: string): Promise<void> => {
  console.info({ message: "report made", day });
};
