import { expect, test } from 'vitest';
import { initialsOf } from './initials.ts';

test.each([
  ['Ada Lovelace', 'AL'],
  ['  grace   brewster murray hopper ', 'GH'],
  ['Plato', 'P'],
  ['田中 太郎', '田太'],
  ['𝒜da', '𝒜'],
  ['<script>alert(1)</script>', 'S'],
  ['"quoted" (nick)', 'QN'],
  ['🙂', ''],
  ['', ''],
])('%s has the initials %s', (name, initials) => expect(initialsOf(name)).toBe(initials));
