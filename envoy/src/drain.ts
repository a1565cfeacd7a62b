/**
 * How long a server that is to be replaced must go on answering after it has said NOT_SERVING. Envoy sends calls to it until its next health check,
 * which may be as far away as the interval and the timeout of a check together.
 */
export const noticeMs = 3_500;
