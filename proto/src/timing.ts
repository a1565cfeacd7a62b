/** The times that server, proxy and browser must agree on, in milliseconds. Envoy's configuration is tested against them. */
export const timing = {
  /** The longest pause between two messages of a healthy watch. */
  heartbeatMs: 15_000,
  /** No message for so many heartbeats: what is shown is stale. Less than two, so that a page says within two that its feed is dead; one that is merely late has most of a heartbeat. */
  staleAfterHeartbeats: 1.9,
  /** Envoy ends a feed that has been silent for so many heartbeats. */
  feedIdleHeartbeats: 5,
  /** The longest deadline a client sets on a unary call; Envoy's own timeout lies above it. */
  unaryDeadlineMs: 10_000,
  /** The one message of a call must have come whole by then: whoever only begins calls, and sends nothing, would hold what each of them takes. */
  requestMs: 10_000,
  /** A stream is asked to come back after this age. */
  feedAgeMs: 30 * 60_000,
} as const;
