const shape =
  /^(\d{4}-\d\d-\d\d)(?:[Tt ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

/** The times that a google.protobuf.Timestamp can hold. */
const earliestMs = Date.parse('0001-01-01T00:00:00.000Z');
const latestMs = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * Reads an RFC 3339 time, or a date as its midnight UTC, as epoch milliseconds; undefined where the text is neither.
 *
 * What is finer than a millisecond is cut off, as no time of ours is finer.
 */
export function parseTime(text: string): number | undefined {
  const [, date = '', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = shape.exec(text) ?? [];
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnightMs) || new Date(midnightMs).toISOString().slice(0, 10) !== date) return undefined;
  const dayMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const epochMs = midnightMs + dayMs + Number(fraction.slice(0, 3).padEnd(3, '0')) - zoneOffsetMs(zone);
  return epochMs < earliestMs || epochMs > latestMs ? undefined : epochMs;
}

function zoneOffsetMs(zone: string): number {
  if (zone.length === 1) return 0;
  const [hours = '', minutes = ''] = zone.slice(1).split(':');
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return zone.startsWith('-') ? -offsetMs : offsetMs;
}
