// The direction of imports, as docs/architecture.md draws it. Tests and their helpers may reach further, and are not read.
const tests = '\\.test\\.tsx?$|/testing/';
const packages = (names) => ({ path: `(^|/)node_modules/(${names})(/|$)` });

/** Code in `from` must not import what lies in `to`. */
const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

module.exports = {
  forbidden: [
    forbid(
      'no-circle',
      'Two files that need each other are one file, or three.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    ),
    forbid(
      'must-exist',
      'An import leads to a file or an installed package.',
      { pathNot: '^web/.*' },
      { couldNotResolve: true },
    ),

    forbid(
      'proto-below-all',
      'proto imports nothing of ours.',
      { path: '^proto/' },
      { path: '^(?!proto/|node_modules/)[a-z0-9]+/' },
    ),
    forbid(
      'sides-apart',
      'Server and web share proto and nothing else.',
      { path: '^server/' },
      { path: '^(web|stack|envoy|e2e|bench|soak)/' },
    ),
    forbid(
      'sides-apart-web',
      'Server and web share proto and nothing else.',
      { path: '^web/' },
      { path: '^(server|stack|envoy|postgres|e2e|bench|soak)/' },
    ),
    forbid(
      'stack-above-parts',
      'postgres and envoy do not know what uses them.',
      { path: '^(postgres|envoy)/' },
      { path: '^(stack|server|web|e2e|bench|soak)/' },
    ),
    forbid(
      'stack-runs-parts',
      'stack runs server and web as processes, and imports neither.',
      { path: '^stack/' },
      { path: '^(server|web|e2e|bench|soak)/' },
    ),

    forbid(
      'server-features-apart',
      'Features never import features; app composes.',
      { path: '^server/src/features/([^/]+)/' },
      {
        path: '^server/src/features/',
        pathNot: '^server/src/features/$1/',
      },
    ),
    forbid(
      'server-arrows',
      'app → features → identity, store → watch, database, rpc, rules, filter → proto.',
      { path: '^server/src/(watch|database|rpc|rules|filter|store|identity)/' },
      {
        path: '^server/src/(features/|app\\.ts|main\\.ts|seed/)',
      },
    ),
    forbid(
      'server-features-below-app',
      'app → features.',
      { path: '^server/src/features/' },
      { path: '^server/src/(app|main)\\.ts$' },
    ),
    forbid(
      'grpc-only-in-rpc',
      'Only server/src/rpc knows grpc-js.',
      { path: '^server/src/', pathNot: '^server/src/rpc/' },
      packages('@grpc/[^/]+|grpc-health-check|nice-grpc[^/]*'),
    ),
    forbid(
      'pg-only-in-database',
      'Only server/src/database, postgres and the soak test, whose witness reads the store itself, know pg.',
      {
        path: '^(server|stack|envoy|proto|soak)/',
        pathNot: '^(server/src/database/|soak/src/store-truth\\.ts$)',
      },
      packages('pg|pg-copy-streams|pg-cursor|pg-pool'),
    ),

    forbid(
      'mail-only-in-mail',
      'Only server/src/mail knows SMTP.',
      { path: '^server/src/', pathNot: '^server/src/mail/' },
      packages('nodemailer'),
    ),
    forbid(
      'sign-in-only-in-identity',
      'Only server/src/identity knows WebAuthn and OpenID.',
      { path: '^server/src/', pathNot: '^server/src/identity/' },
      packages('openid-client|@simplewebauthn/server'),
    ),

    forbid(
      'web-features-apart',
      'Features never import features; app composes.',
      { path: '^web/src/features/([^/]+)/' },
      {
        path: '^web/src/features/',
        pathNot: '^web/src/features/$1/',
      },
    ),
    forbid(
      'web-below-app',
      'app → features → session → rpc → proto.',
      { path: '^web/src/(features|session|live|rpc)/' },
      { path: '^web/src/app/' },
    ),
    forbid(
      'web-below-features',
      'app → features → session → rpc → proto.',
      { path: '^web/src/(session|live|rpc)/' },
      { path: '^web/src/features/' },
    ),
    forbid(
      'web-live-apart-from-session',
      'features → live → rpc.',
      { path: '^web/src/live/' },
      { path: '^web/src/session/' },
    ),
    forbid('web-live-above-rpc', 'rpc lies below live.', { path: '^web/src/rpc/' }, { path: '^web/src/live/' }),
    forbid(
      'web-below-session',
      'app → features → session → rpc → proto.',
      { path: '^web/src/rpc/' },
      { path: '^web/src/session/' },
    ),
    forbid(
      'web-ui-and-lib',
      'ui and lib import nothing of ours above them.',
      { path: '^web/src/(ui|lib)/' },
      { path: '^web/src/(app|features|session|live|rpc)/' },
    ),
    forbid('web-lib-below-ui', 'lib lies below ui.', { path: '^web/src/lib/' }, { path: '^web/src/ui/' }),
    forbid(
      'transport-only-in-rpc',
      'Only web/src/rpc knows a transport.',
      { path: '^web/src/', pathNot: '^web/src/rpc/' },
      packages('@protobuf-ts/(grpcweb|grpc|twirp)-transport'),
    ),
  ],
  options: {
    exclude: { path: tests },
    doNotFollow: { path: 'node_modules' },
    // TypeScript 7 has no API for tools, so swc reads the files.
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};
