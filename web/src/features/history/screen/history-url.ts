import { ChangeKind } from '@roster/proto/gen/roster/history/v1/history_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import type { ChangeFilter } from '../api/change-filter.ts';

/** What the address says about the list of changes, by the words that stand in it. */
export interface HistoryUrl {
  /** One change alone, by its revision. */
  readonly change?: number | undefined;
  /** Whom it is about, by id. */
  readonly person?: string | undefined;
  /** Who made it, by id. */
  readonly by?: string | undefined;
  readonly kind?: KindWord | undefined;
  /** A field or leaf, as in an update mask. */
  readonly field?: string | undefined;
  /** The role that was given. */
  readonly role?: RoleWord | undefined;
  readonly time?: SpanWord | undefined;
  /** Local days, as `2026-11-24`; both ends included. Only without `time`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The entry that is unfolded, by its revision. */
  readonly open?: number | undefined;
}

export const kindWords = ['created', 'updated', 'deleted', 'restored'] as const;
export type KindWord = (typeof kindWords)[number];

export const roleWords = ['admin', 'editor', 'viewer'] as const;
export type RoleWord = (typeof roleWords)[number];

export const spanWords = ['hour', 'day', 'week', 'month'] as const;
export type SpanWord = (typeof spanWords)[number];

/** The parts that narrow the list, in the order of their chips. */
export const filterParts = ['change', 'person', 'by', 'kind', 'field', 'role', 'time', 'from', 'to'] as const;

const kinds: Readonly<Record<KindWord, ChangeKind>> = {
  created: ChangeKind.CREATED,
  updated: ChangeKind.UPDATED,
  deleted: ChangeKind.DELETED,
  restored: ChangeKind.UNDELETED,
};

const roles: Readonly<Record<RoleWord, UserRole>> = {
  admin: UserRole.ADMIN,
  editor: UserRole.EDITOR,
  viewer: UserRole.VIEWER,
};

const dayMs = 24 * 60 * 60_000;
const spansMs: Readonly<Record<SpanWord, number>> = {
  hour: 60 * 60_000,
  day: dayMs,
  week: 7 * dayMs,
  month: 30 * dayMs,
};

/** Reads the address; what it cannot read is as if it were not there. */
export function parseHistoryUrl(search: string): HistoryUrl {
  const parameters = new URLSearchParams(search);
  const text = (name: string) => parameters.get(name) || undefined;
  const oneOf = <Word extends string>(name: string, words: readonly Word[]) =>
    words.find((word) => word === text(name));
  const revision = (name: string) => (/^[1-9]\d{0,14}$/.test(text(name) ?? '') ? Number(text(name)) : undefined);
  const day = (name: string) => (startOfDay(text(name)) === undefined ? undefined : text(name));
  const time = oneOf('time', spanWords);
  return {
    change: revision('change'),
    person: text('person'),
    by: text('by'),
    kind: oneOf('kind', kindWords),
    field: text('field'),
    role: oneOf('role', roleWords),
    time,
    from: time ? undefined : day('from'),
    to: time ? undefined : day('to'),
    open: revision('open'),
  };
}

/** The address of the history, without what is unset. */
export function formatHistoryUrl(url: HistoryUrl, path = '/history'): string {
  const parameters = new URLSearchParams();
  for (const name of [...filterParts, 'open'] as const) {
    const value = url[name];
    if (value !== undefined) parameters.set(name, String(value));
  }
  const search = parameters.toString();
  return search === '' ? path : `${path}?${search}`;
}

/** The filter that an address means now. */
export function toChangeFilter(url: HistoryUrl, now: number): ChangeFilter {
  const to = startOfDay(url.to, 1);
  return {
    revision: url.change,
    userId: url.person,
    actorId: url.by,
    kind: url.kind && kinds[url.kind],
    path: url.field,
    roleGiven: url.role && roles[url.role],
    since: url.time ? Math.floor((now - spansMs[url.time]) / 60_000) * 60_000 : startOfDay(url.from),
    until: url.time ? undefined : to,
  };
}

/** The first moment of a local day, or of one some days later; undefined where the text is no day. */
function startOfDay(text: string | undefined, plusDays = 0): number | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text ?? '') ?? [];
  const date = new Date(Number(year), Number(month) - 1, Number(day));
  if (year === '' || date.getMonth() !== Number(month) - 1 || date.getDate() !== Number(day)) return undefined;
  return new Date(Number(year), Number(month) - 1, Number(day) + plusDays).getTime();
}
