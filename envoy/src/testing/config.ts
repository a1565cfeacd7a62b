/** Where tests look for an Envoy first. */
export function readTestConfig() {
  return { envoyPath: process.env['ENVOY_PATH'], searchPath: process.env['PATH'] };
}
