const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const dayThisYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });
const dayOtherYear = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' });
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });
const moment = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A moment as one would say it: relative up to a week, then the date. What lies a little ahead, by clocks that differ, is "just now". */
export function formatRelativeTime(at: number, now: number): string {
  const age = now - at;
  if (age > -minuteMs && age < minuteMs) return 'just now';
  if (age >= 0 && age < hourMs) return relative.format(-Math.floor(age / minuteMs), 'minute');
  if (age >= 0 && age < dayMs) return relative.format(-Math.floor(age / hourMs), 'hour');
  if (age >= 0 && age < 7 * dayMs) return relative.format(-Math.floor(age / dayMs), 'day');
  return formatDate(at, now);
}

/** The date, without the year where it is this one. */
export function formatDate(at: number, now: number): string {
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dayThisYear : dayOtherYear).format(at);
}

/** The exact time with its zone. */
export function formatExactTime(at: number): string {
  return exact.format(at);
}

/** Hours and minutes, for example "12:04". */
export function formatClock(at: number): string {
  return clock.format(at);
}

/** Day and time of something ahead, for example "Tue, 1 Dec 2026, 12:04". */
export function formatMoment(at: number): string {
  return moment.format(at);
}
