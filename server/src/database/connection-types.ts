import pg from 'pg';

/** Reads int8 as a number (our counters stay far below 2^53) and timestamptz as epoch milliseconds, to which all our times are cut. */
export const connectionTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary' && oid === pg.types.builtins.INT8) return Number;
    if (format !== 'binary' && oid === pg.types.builtins.TIMESTAMPTZ) return parseTimestampMs;
    return pg.types.getTypeParser(oid, format ?? 'text');
  },
};

function parseTimestampMs(text: string): number {
  // PostgreSQL writes `2026-11-24 13:10:00.123+00`; the offset may lack its minutes, which ISO 8601 wants.
  return Date.parse(`${text.replace(' ', 'T')}:00`.replace(/([+-]\d\d:\d\d):00$/, '$1'));
}
