import { defineConfig } from 'vitest/config';
import { realProcesses } from '../vitest.base.ts';

export default defineConfig({ test: { include: ['src/**/*.test.ts'], ...realProcesses } });
