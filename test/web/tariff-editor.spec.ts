/// <reference lib="dom" />
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startTown, type Town } from './town.js';
import { openBrowser, overflowing, seriousViolations, visit } from './visit.js';

let town: Town;
let browser: Browser;
/** The address of the officer's proposal, as she would send it to the commissioner. */
let address = '';

beforeAll(async () => {
  town = await startTown(400);
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

const cell = (page: Page, row: number, column: number) => page.locator(`[data-cell="${row}:${column}"]`);
const part = (page: Page, name: string | RegExp) =>
  page.getByRole('navigation', { name: 'Parts of the tariff' }).getByRole('button', { name });
const submit = (page: Page) => page.getByRole('button', { name: 'Submit for approval' });
const enabled = (page: Page, name: string) =>
  page.locator(`button:not([disabled]):has-text("${name}")`).waitFor();

describe('an officer changes a rate of the tariff without seeing its file', () => {
  test('she drafts a change, types 13 for 12, and sees a case fail as she types', async () => {
    const { page, faults } = await visit(browser, town, { login: 'revenue', path: '/tariffs' });
    await page.getByText('Nothing is proposed').waitFor();
    await page.getByRole('button', { name: 'New proposal' }).click();
    await page.getByLabel('What it is for').fill('Council resolution 114');
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    const grid = page.getByRole('grid', { name: 'Letting rate' });
    await grid.waitFor();
    expect(await submit(page).isDisabled()).toBe(true);
    // Open land in zone D is let at 12, and zone B, which a case is about, at 21.
    await cell(page, 23, 2).click();
    expect(await cell(page, 23, 2).textContent()).toBe('12');
    await page.keyboard.type('13');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await enabled(page, 'Submit for approval');
    await cell(page, 21, 2).click();
    await page.keyboard.type('22');
    await page.keyboard.press('Enter');
    await page.getByText('One case fails').waitFor();
    expect(await submit(page).isDisabled()).toBe(true);
    await page.getByText('Annual letting value: 8,910 instead of 8,505').waitFor();
    await page.getByRole('tab', { name: /^Changes \(3\)/ }).click();
    await page.getByText('Letting rate · D · vacant').waitFor();
    address = new URL(page.url()).search;
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('steps back and forth, and pastes a block from a spreadsheet', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: `/tariffs${address}` });
    await cell(page, 0, 2).click();
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData('text/plain', '1,131\r\n106\r\n');
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await page.locator('[data-cell="1:2"]', { hasText: '106' }).waitFor();
    expect(await cell(page, 0, 2).textContent()).toBe('1131');
    await page.locator('button:not([disabled])[aria-label^="Undo"]').click();
    await page.locator('[data-cell="1:2"]', { hasText: '105' }).waitFor();
    await page.locator('button:not([disabled])[aria-label^="Redo"]').click();
    await page.locator('[data-cell="0:2"]', { hasText: '1131' }).waitFor();
    await page.locator('button:not([disabled])[aria-label^="Undo"]').click();
    await page.locator('[data-cell="0:2"]', { hasText: '130' }).waitFor();
    await page.context().close();
  }, 60_000);

  test('mends what the case expects, submits, and cannot approve it herself', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: `/tariffs${address}` });
    await part(page, /^Cases/).click();
    const failing = page.getByRole('article', { name: 'Open land needs no structure' });
    await failing.getByText('fails').waitFor();
    await failing.getByLabel('Annual letting value: Expected').fill('8910');
    await failing.getByLabel('Annual letting value: Expected').press('Enter');
    await failing.getByRole('button', { name: 'Expect this' }).last().waitFor();
    await failing.getByLabel('Property tax: Expected').fill('535');
    await failing.getByLabel('Property tax: Expected').press('Enter');
    await failing.getByText('holds').waitFor();
    await enabled(page, 'Submit for approval');
    await submit(page).click();
    await page.getByText('waits for approval').waitFor();
    await page.getByText('You had a hand in it').waitFor();
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    await page.context().close();
  }, 60_000);

  test('a second person sees a property under both versions, and puts it into force from its year', async () => {
    const { page, faults } = await visit(browser, town, {
      login: 'commissioner',
      path: `/tariffs${address}`,
    });
    await page.getByText('waits for approval').waitFor();
    const answer = await page.context().request.get('/api/properties?limit=1&use=vacant');
    const { items } = (await answer.json()) as { items: { number: string }[] };
    const number = items[0]?.number ?? '';
    await page.getByRole('tab', { name: 'Example' }).click();
    await page.getByLabel('or a property').fill(number);
    await page.getByLabel('or a property').press('Enter');
    await page.getByRole('heading', { name: `${number}, 2027-28` }).waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('ends with 2026-27').waitFor();
    expect(await dialog.getByRole('button', { name: /^In force/ }).isDisabled()).toBe(true);
    await dialog.getByLabel('Type 2027-28 to confirm').fill('2027-28');
    await dialog.getByRole('button', { name: /^In force/ }).click();
    await page.getByText('Approved by commissioner').waitFor();
    await page.getByRole('button', { name: 'All tariffs' }).click();
    const installed = page.getByRole('region', { name: 'Installed' });
    await installed.getByText('2026-27 to 2026-27').waitFor();
    await installed.getByText('from 2027-28').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  }, 60_000);

  test('and the next run assesses by it', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: '/assess' });
    const { csrfToken } = (await (await page.context().request.get('/api/session')).json()) as {
      csrfToken: string;
    };
    const ask = page.context().request;
    const headers = { 'x-csrf-token': csrfToken };
    const started = await ask.post('/api/assessment-runs', { data: { fy: '2027-28' }, headers });
    expect(started.status()).toBe(202);
    const { id } = (await started.json()) as { id: string };
    const tariffs = (await (await ask.get('/api/tariffs')).json()) as {
      sha256: string;
      appliesFromFy: string;
    }[];
    const untilOver = async (): Promise<{ status: string; tariffSha256: string; assessed: number }> => {
      for (let tries = 0; tries < 120; tries += 1) {
        const run = await (await ask.get(`/api/assessment-runs/${id}`)).json();
        if (run.status !== 'pending' && run.status !== 'running') return run;
        await page.waitForTimeout(250);
      }
      throw new Error('The run did not end within 30 s.');
    };
    const run = await untilOver();
    expect(['computed', 'done']).toContain(run.status);
    expect(run.assessed).toBeGreaterThan(300);
    expect(run.tariffSha256).toBe(tariffs.find(({ appliesFromFy }) => appliesFromFy === '2027-28')?.sha256);
    const source = (await (await ask.get(`/api/tariffs/${run.tariffSha256}`)).json()) as { source: string };
    expect(source.source).toContain('- [D, vacant, 13]');
    expect(source.source).toContain('# The demo town');
    await page.context().close();
  }, 60_000);
});

describe('two officers at one proposal', () => {
  test('the second to save sees both values and chooses', async () => {
    const one = await visit(browser, town, { login: 'revenue', path: '/tariffs' });
    await one.page.getByRole('button', { name: 'New proposal' }).click();
    await one.page.getByLabel('What it is for').fill('Structure factors');
    await one.page.getByRole('button', { name: 'Begin', exact: true }).click();
    await one.page.getByRole('grid').waitFor();
    await part(one.page, 'Structure factor').click();
    const two = await visit(browser, town, {
      login: 'admin',
      path: `/tariffs${new URL(one.page.url()).search}`,
    });
    await cell(two.page, 1, 1).click();
    await two.page.keyboard.type('0.85');
    await two.page.keyboard.press('Enter');
    await two.page.getByText('Saved, version 2').waitFor();
    await cell(one.page, 1, 1).click();
    await one.page.keyboard.type('0.65');
    await one.page.keyboard.press('Enter');
    const dialog = one.page.getByRole('dialog');
    await dialog.getByText('0.85').waitFor();
    await dialog.getByText('0.65').waitFor();
    await dialog.getByRole('button', { name: 'Put mine over it' }).click();
    await one.page.getByText('Saved, version 3').waitFor();
    expect(await cell(one.page, 1, 1).textContent()).toBe('0.65');
    await two.page.context().close();
    await one.page.context().close();
  }, 60_000);
});

describe('for everybody', () => {
  test.each([
    ['English, light', 'en', 'light'],
    ['Hindi, dark', 'hi', 'dark'],
    ['Marathi, light', 'mr', 'light'],
  ] as const)(
    'no part has a serious barrier: %s',
    async (_name, language, scheme) => {
      const found: string[] = [];
      for (const [open, shown] of [
        ['', 'installed'],
        ['table:letting_rate', 'grid'],
        ['steps', 'steps'],
        ['cases', 'cases'],
      ] as const) {
        const path = open ? `/tariffs${address}&part=${open}` : '/tariffs';
        const { page } = await visit(browser, town, { login: 'revenue', language, scheme, path });
        await page.locator('.tariff-card, .tariff-part').first().waitFor();
        await page.waitForTimeout(900);
        found.push(...(await seriousViolations(page)).map((fault) => `${shown}: ${fault}`));
        await page.context().close();
      }
      expect(found).toEqual([]);
    },
    120_000,
  );

  test.each([
    ['an office screen', { width: 1366, height: 768 }],
    ['a phone', { width: 390, height: 844 }],
  ] as const)(
    'Hindi and Marathi words fit on %s, and the page does not scroll sideways',
    async (_name, size) => {
      const found: string[] = [];
      for (const language of ['hi', 'mr'] as const) {
        for (const open of ['', 'table:letting_rate', 'steps', 'cases']) {
          const path = open ? `/tariffs${address}&part=${open}` : '/tariffs';
          const { page } = await visit(browser, town, { login: 'revenue', language, size, path });
          await page.locator('.tariff-card, .tariff-part').first().waitFor();
          await page.waitForTimeout(600);
          found.push(...(await overflowing(page)));
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
            size.width,
          );
          await page.context().close();
        }
      }
      expect(found).toEqual([]);
    },
    120_000,
  );
});
