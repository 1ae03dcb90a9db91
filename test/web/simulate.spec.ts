// The functions given to page.evaluate run in the browser.
/// <reference lib="dom" />
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startTown, type Town } from './town.js';
import { openBrowser, overflowing, seriousViolations, visit } from './visit.js';

let town: Town;
let browser: Browser;

beforeAll(async () => {
  town = await startTown();
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

/** Homes in zone C: the value that an officer moves. */
const homesInC = (page: Page) => page.getByRole('textbox', { name: /Zone.C · Residential/ });
const change = (page: Page) => page.locator('.totals-change strong');

async function open(options: Parameters<typeof visit>[2] = {}) {
  const visited = await visit(browser, town, { login: 'revenue', path: '/simulate', ...options });
  await change(visited.page).waitFor({ timeout: 60_000 });
  return visited;
}

/** Moves the value and waits for the answer and its map. */
async function move(page: Page, value: string): Promise<void> {
  const drawn = page.waitForResponse((answer) => answer.url().endsWith('/map') && answer.ok());
  await homesInC(page).fill(value);
  await drawn;
}

/** How many pixels of the map are orange: what pays more. */
async function orange(page: Page): Promise<number> {
  return page.evaluate(() => {
    let found = 0;
    for (const canvas of document.querySelectorAll<HTMLCanvasElement>('.ol-layers canvas')) {
      const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      for (let at = 0; at < data.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
        if (red > 235 && green > 150 && green < 233 && green - blue > 25 && red - blue > 55) found += 1;
      }
    }
    return found;
  });
}

/** Waits for the map to turn. Throws with the count it came to. */
async function untilOrange(page: Page, least: number): Promise<void> {
  let count = 0;
  for (let tries = 0; tries < 40; tries += 1) {
    count = await orange(page);
    if (count >= least) return;
    await page.waitForTimeout(250);
  }
  throw new Error(`The map shows ${count} orange pixels, expected ${least}.`);
}

describe('a simulation', () => {
  test('an officer moves the rate of homes in zone C, and sees totals, wards, histogram and map change', async () => {
    const { page, faults } = await open();
    expect(await change(page).textContent()).toBe('₹0');
    await page.getByText('Move a value below').waitFor();
    const before = await page.locator('.totals tfoot .amount').allTextContents();
    expect(before[0]).toBe(before[1]);
    expect(await orange(page)).toBeLessThan(1_000);
    await move(page, '90');
    await page.waitForFunction(() =>
      document.querySelector('.totals-change strong')?.textContent?.startsWith('+₹'),
    );
    const after = await page.locator('.totals tfoot .amount').allTextContents();
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    const wards = page.getByRole('table', { name: 'Wards' });
    const rupees = (text: string | null) => Number((text ?? '').replace(/[^\d]/g, ''));
    const changes = await wards.locator('tbody td:nth-child(7)').allTextContents();
    expect(changes.reduce((sum, each) => sum + rupees(each), 0)).toBeCloseTo(
      rupees(await change(page).textContent()),
      -2,
    );
    expect(await page.locator('.histogram g').count()).toBeGreaterThan(0);
    await untilOrange(page, 3_000);
    const legend = page.getByRole('region', { name: 'Change of the tax' });
    const counts = (await legend.locator('.legend-count').allTextContents()).map((each) => rupees(each));
    expect(counts.length).toBe(18);
    expect(counts.slice(0, 8).reduce((sum, each) => sum + each, 0)).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('the way back puts the value in force again, and the change to nothing', async () => {
    const { page } = await open();
    await move(page, '95');
    await page.waitForFunction(() =>
      document.querySelector('.totals-change strong')?.textContent?.startsWith('+₹'),
    );
    await page.getByRole('button', { name: /Back to the value in force/ }).click();
    await page.waitForFunction(() => document.querySelector('.totals-change strong')?.textContent === '₹0');
    expect(await homesInC(page).inputValue()).toBe('80');
    await page.context().close();
  }, 60_000);

  test('the arrow keys move a value, and only the last of a quick row of values is answered', async () => {
    const { page } = await open();
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/api/simulations'))
        asked.push(request.postData() ?? '');
    });
    await homesInC(page).focus();
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('ArrowUp');
    await page.waitForFunction(() =>
      document.querySelector('.totals-change strong')?.textContent?.startsWith('+₹'),
    );
    expect(await homesInC(page).inputValue()).toBe('85');
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain('"85"');
    await page.context().close();
  }, 60_000);

  test('the workbook that is saved opens in another program with the figures of the screen', async () => {
    const { page } = await open();
    await move(page, '90');
    await page.waitForFunction(() =>
      document.querySelector('.totals-change strong')?.textContent?.startsWith('+₹'),
    );
    const total = (await page.locator('.totals tfoot .amount').nth(1).textContent()) ?? '';
    const saving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Excel workbook' }).click();
    const folder = mkdtempSync(join(tmpdir(), 'jarib-book-'));
    try {
      const file = join(folder, 'book.xlsx');
      await (await saving).saveAs(file);
      const csv = execFileSync('ogr2ogr', ['-f', 'CSV', '/vsistdout/', file, 'Summary'], {
        encoding: 'utf8',
      });
      expect(csv).toContain(total.replace(/[^\d]/g, ''));
      expect(execFileSync('ogrinfo', ['-q', file], { encoding: 'utf8' })).toMatch(/Wards[\s\S]*Method/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    await page.context().close();
  }, 60_000);

  test('an address that is sent to a colleague opens the same simulation', async () => {
    const { page } = await open();
    await move(page, '88');
    await page.waitForFunction(() =>
      document.querySelector('.totals-change strong')?.textContent?.startsWith('+₹'),
    );
    const told = await change(page).textContent();
    await page.waitForURL(/sim=/);
    const path = page.url().slice(town.url.length);
    const other = await open({ login: 'commissioner', path });
    expect(await change(other.page).textContent()).toBe(told);
    expect(await homesInC(other.page).inputValue()).toBe('88');
    await page.context().close();
    await other.page.context().close();
  }, 60_000);

  test('what was tried becomes a proposal with that value and no other change', async () => {
    const { page } = await open();
    await move(page, '89');
    await page.waitForFunction(() =>
      document.querySelector('.totals-change strong')?.textContent?.startsWith('+₹'),
    );
    await page.getByRole('button', { name: 'Propose it' }).click();
    await page.waitForURL(/\/tariffs\?.*proposal=/);
    const id = new URL(page.url()).searchParams.get('proposal');
    const answer = await page.request.get(`/api/tariff-proposals/${id}`);
    const { source, purpose } = (await answer.json()) as { source: string; purpose: string };
    expect(purpose).toContain('Letting rate 3: 89');
    const lines = readFileSync('tariffs/in-mp/demo/assessment/2026-27.yaml', 'utf8').split('\n');
    const other = source.split('\n').filter((line, i) => line !== lines[i]);
    expect(other).toEqual(['      - [C, residential, 89]']);
    await page.goto('/simulate');
    await page.getByLabel('Proposed', { exact: true }).first().click();
    await page.getByRole('option', { name: /As simulated/ }).click();
    await page.waitForFunction(() =>
      document.querySelector('.totals-change strong')?.textContent?.startsWith('+₹'),
    );
    expect(await homesInC(page).inputValue()).toBe('89');
    await page.context().close();
  }, 60_000);

  test('the largest increases lead to the cards of their properties', async () => {
    const { page } = await open();
    await move(page, '90');
    await page.getByRole('tab', { name: 'Largest changes' }).click();
    const first = page.getByRole('table', { name: 'Largest increases' }).locator('.link').first();
    const number = (await first.textContent()) ?? '';
    await first.click();
    await page.getByRole('heading', { name: number }).waitFor();
    await page.context().close();
  }, 60_000);
});

describe('for everybody', () => {
  test.each([
    ['English, light, in the office', 'en', 'light', { width: 1366, height: 768 }],
    ['Hindi, dark, in the office', 'hi', 'dark', { width: 1366, height: 768 }],
    ['Marathi, light, on a phone', 'mr', 'light', { width: 390, height: 844 }],
  ] as const)(
    'the page has no serious barrier and its words fit: %s',
    async (_name, language, scheme, size) => {
      const { page } = await open({ language, scheme, size });
      await page.waitForTimeout(500);
      expect(await seriousViolations(page)).toEqual([]);
      expect(await overflowing(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size.width);
      await page.context().close();
    },
    90_000,
  );
});
