// The functions given to page.evaluate run in the browser.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { startTown, type Town } from './town.js';
import { openBrowser, overflowing, seriousViolations, visit } from './visit.js';

let town: Town;
let browser: Browser;

beforeAll(async () => {
  town = await startTown(600);
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

const rows = (page: Page) => page.locator('.finding-table tbody tr');

describe('discovery', () => {
  test('an officer compares map and roll, and sees what was found in funnel, list and legend', async () => {
    const { page, faults } = await visit(browser, town, { login: 'revenue', path: '/discover' });
    await page.getByText('Nothing compared yet').waitFor();
    await page.getByRole('button', { name: 'Compare map and roll' }).click();
    await page.getByText('Last comparison done').waitFor({ timeout: 60_000 });
    await rows(page).first().waitFor();
    const found = Number((await page.locator('.funnel-count').first().textContent())?.replaceAll(',', ''));
    expect(found).toBeGreaterThan(20);
    const listed = await page.locator('.roll-head .quiet').textContent();
    expect(listed).toContain(`${found} findings`);
    const legend = await page.locator('.tax-legend .legend-count').allTextContents();
    expect(legend.reduce((sum, text) => sum + Number(text), 0)).toBe(found);
    const classes = page.locator('.classes').first();
    const sum = Number(await classes.locator('th.amount').textContent());
    const parts = (await classes.locator('td.amount').allTextContents()).map(Number);
    expect(parts.reduce((total, each) => total + each, 0)).toBe(sum);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('a row leads to the evidence, with measured and adopted apart and the estimate called one', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: '/discover?kind=area' });
    await rows(page).first().click();
    await page.waitForURL(/finding=/);
    const panel = page.getByRole('complementary', { name: 'Discover' });
    await panel.getByText('A finding is an allegation').waitFor();
    const bars = await panel.locator('.area-bars dd.number').allTextContents();
    const [measured, , adopted] = bars.length === 3 ? bars : [bars[0], bars[2], bars[3]];
    expect(Number.parseFloat(measured!.replace(',', ''))).toBeGreaterThan(
      Number.parseFloat(adopted!.replace(',', '')),
    );
    await panel.getByText('estimate', { exact: true }).waitFor();
    expect(await panel.locator('.area-bars').count()).toBe(1);
    await page.context().close();
  });

  test('a surveyor verifies, an officer sends the notice, and nobody can demand before the term is over', async () => {
    const first = await visit(browser, town, { login: 'surveyor', path: '/discover?kind=no_account' });
    await rows(first.page).first().click();
    await first.page.getByRole('button', { name: 'Verify' }).click();
    const note = first.page.getByRole('textbox', { name: 'What was seen, and by whom' });
    await note.fill('House of two floors, inhabited');
    await first.page.locator('form').getByRole('button', { name: 'Verify' }).click();
    await first.page.getByText('The next step is for the revenue office').waitFor();
    const address = first.page.url();
    await first.page.context().close();
    const { page } = await visit(browser, town, {
      login: 'revenue',
      path: new URL(address).pathname + new URL(address).search,
    });
    expect(await page.getByRole('button', { name: 'Record demand' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Send notice' }).click();
    await page.getByRole('textbox', { name: 'Number of the notice' }).fill('Notice 7 of 2026');
    await page.locator('form').getByRole('button', { name: 'Send notice' }).click();
    await page.getByText(/Objections until/).waitFor();
    await page.getByRole('button', { name: 'Record demand' }).click();
    await page.getByRole('textbox', { name: 'Number of the bill' }).fill('Bill 12');
    await page.getByRole('textbox', { name: 'Amount in rupees' }).fill('1200');
    await page.locator('form').getByRole('button', { name: 'Record demand' }).click();
    await page.getByText(/The owner may object until/).waitFor();
    await page.context().close();
  }, 60_000);

  test('a kind that is clicked in the legend stands alone, in the list and in the address', async () => {
    const { page } = await visit(browser, town, { login: 'commissioner', path: '/discover' });
    await rows(page).first().waitFor();
    await page
      .locator('.tax-legend')
      .getByRole('button', { name: /Vacant, untaxed/ })
      .click();
    await page.waitForURL(/kind=vacant_untaxed/);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.finding-table tbody tr')].every((row) =>
        row.textContent?.includes('Vacant, untaxed'),
      ),
    );
    expect(await page.getByRole('button', { name: 'Compare map and roll' }).isDisabled()).toBe(true);
    await page.context().close();
  });
});

describe('equity', () => {
  test('without prices the page teaches what fills it', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: '/equity?fy=2026-27' });
    await page.getByText('No sale prices are registered').waitFor();
    await page.getByText('COD: how far ratios lie').waitFor();
    await page.context().close();
  });

  test('a file of sales is tried, taken, and counted', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: '/equity?fy=2026-27' });
    const answer = await page.context().request.get('/api/properties?limit=3');
    const { items } = (await answer.json()) as { items: { number: string }[] };
    const lines = items.map(({ number }, i) => `${number},2025-06-0${i + 1},4500000,D${i}`);
    const text = ['property,sold_on,price,document', ...lines, 'X-1,2025-06-01,100,D9'].join('\n');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'sales.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByText('4 rows read: 3 can be taken, 1 cannot.').waitFor();
    await page.getByText('Line 5').waitFor();
    await page.getByRole('button', { name: 'Take 3 sales' }).click();
    await page.getByText('Taken: 3 new, 0 changed.').waitFor();
    await page.getByText('No sale can be compared').waitFor();
    await page.context().close();
  });
});

describe('for everybody', () => {
  const pages = ['/discover', '/equity?fy=2026-27'];

  test.each([
    ['English, light', 'en', 'light'],
    ['Hindi, dark', 'hi', 'dark'],
  ] as const)(
    'no page has a serious barrier: %s',
    async (_name, language, scheme) => {
      const found: string[] = [];
      for (const path of [...pages, '/discover?card']) {
        const { page } = await visit(browser, town, { login: 'revenue', language, scheme, path });
        await page.locator('.panel').first().waitFor();
        if (path.endsWith('card')) await rows(page).first().click();
        await page.waitForTimeout(900);
        found.push(...(await seriousViolations(page)));
        await page.context().close();
      }
      expect(found).toEqual([]);
    },
    60_000,
  );

  test.each([
    ['an office screen', { width: 1366, height: 768 }],
    ['a phone', { width: 390, height: 844 }],
  ] as const)(
    'Hindi and Marathi words fit on %s',
    async (_name, size) => {
      const found: string[] = [];
      for (const language of ['hi', 'mr'] as const) {
        for (const path of pages) {
          const { page } = await visit(browser, town, { login: 'revenue', language, size, path });
          await page.locator('.panel, .sheet').first().waitFor();
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
    60_000,
  );
});
