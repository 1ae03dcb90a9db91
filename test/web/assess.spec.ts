import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startTown, type Town } from './town.js';
import { openBrowser, overflowing, seriousViolations, untilDrawn, visit } from './visit.js';

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

describe('an assessment', () => {
  test('an officer computes a draft, and may not publish what he made', async () => {
    const { page, faults } = await visit(browser, town, { login: 'revenue', path: '/assess' });
    await page.getByText('No assessment yet').waitFor();
    await page.getByText('sample, not notified').first().waitFor();
    await page.getByRole('button', { name: 'Start the run' }).click();
    const run = page.getByRole('region', { name: 'Run for 2026-27' });
    await run.getByText('draft', { exact: true }).waitFor({ timeout: 60_000 });
    const counts = (await run.locator('dd').allTextContents()).map((text) =>
      Number(text.replaceAll(',', '')),
    );
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(1_000);
    await run.getByText('You made this run, so somebody else must publish it').waitFor();
    expect(await run.getByRole('button', { name: 'Publish…' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Start the run' }).isDisabled()).toBe(true);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('the commissioner types its figures, publishes it, and the map is shaded by tax per m2', async () => {
    const { page, faults } = await visit(browser, town, { login: 'commissioner', path: '/assess' });
    const run = page.getByRole('region', { name: 'Run for 2026-27' });
    await run.getByText('Draft by revenue').waitFor();
    await run.getByRole('button', { name: 'Publish…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Publish the run for 2026-27' });
    const number = dialog.getByLabel(/^Type the number/);
    const total = dialog.getByLabel(/^Type the total/);
    const shown = async (label: RegExp) =>
      /: (\S+)$/.exec((await dialog.getByText(label).textContent()) ?? '')?.[1] ?? '';
    const go = dialog.getByRole('button', { name: /^Publish [\d,]+ demands, total/ });
    await number.fill(await shown(/^Type the number/));
    await total.fill('1.00');
    expect(await go.isDisabled()).toBe(true);
    await total.fill((await shown(/^Type the total/)).replaceAll(',', ''));
    await go.click();
    await run.getByText('published', { exact: true }).waitFor({ timeout: 60_000 });
    await run.getByText('Published by commissioner').waitFor();
    const legend = page.getByRole('region', { name: 'Tax per m², 2026-27' });
    await legend.getByRole('listitem').nth(6).waitFor({ timeout: 45_000 });
    const parcels = (await legend.locator('.legend-count').allTextContents()).map(Number);
    expect(Math.min(...parcels)).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('a class that is clicked in the legend stands alone, in the address too', async () => {
    const { page } = await visit(browser, town, { login: 'commissioner', path: '/assess' });
    const yellow = page.locator('.legend button').nth(6);
    await yellow.click();
    await page.waitForURL(/class=6/);
    expect(await yellow.getAttribute('aria-pressed')).toBe('true');
    await yellow.click();
    await page.waitForFunction(() => !window.location.search.includes('class='));
    await page.context().close();
  });

  test('who may not start a run is told who may', async () => {
    const { page } = await visit(browser, town, { login: 'commissioner', path: '/assess' });
    await page.getByText('A revenue officer starts a run').waitFor();
    expect(await page.getByRole('button', { name: 'Start the run' }).isDisabled()).toBe(true);
    await page.context().close();
  });

  test('an exception leads to the card of its property', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: '/assess' });
    const first = page.locator('.exceptions button').first();
    const number = await first.textContent();
    await first.click();
    await page.getByRole('heading', { name: number ?? '' }).waitFor();
    await page.context().close();
  });

  test('the explanation ends in the very amount that is demanded', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: '/roll?tab=tax' });
    await page.locator('.roll-table tbody tr').first().click();
    const total = await page.locator('.tax-total strong').textContent();
    const explained = await page.locator('.step-total .amount').textContent();
    expect(`₹${explained}`).toBe(total);
    expect(await page.locator('.step-reckoning').first().textContent()).toMatch(/\d.* × /);
    await page.context().close();
  });

  test('a property is assessed anew with a reason, waits for a second person, and every number can be proved', async () => {
    const { page, faults } = await visit(browser, town, { login: 'revenue', path: '/roll?tab=tax' });
    await page.locator('.roll-table tbody tr').first().click();
    await page.getByRole('button', { name: 'Assess anew…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Assess anew for 2026-27' });
    await dialog.getByLabel('Reason').fill('Order on the objection of the owner');
    await dialog.getByLabel('Order, number and date').fill('114 of 12 May 2026');
    await dialog.getByRole('button', { name: 'Compute' }).click();
    const run = page.getByRole('region', { name: /^Revision of .*, 2026-27$/ });
    await run.getByText('draft', { exact: true }).waitFor({ timeout: 60_000 });
    await run.getByText('Order on the objection of the owner · 114 of 12 May 2026').waitFor();
    await run.getByRole('button', { name: 'Withdraw' }).click();
    const withdraw = page.getByRole('dialog', { name: 'Withdraw the run for 2026-27' });
    await withdraw.getByLabel('Reason').fill('entered by mistake');
    await withdraw.getByRole('button', { name: 'Withdraw' }).click();
    await run.getByText(/Withdrawn by revenue .*: entered by mistake/).waitFor();
    await page.getByRole('button', { name: 'Compute again' }).first().click();
    await page.getByText('Comes out the same to the paisa.').waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

const pages = [
  ['the map with a card', '/?sel=property/'],
  ['the roll', '/roll'],
  ['the work space of assessment', '/assess'],
] as const;

describe('for everybody', () => {
  test.each([
    ['English, light', 'en', 'light'],
    ['Hindi, dark', 'hi', 'dark'],
    ['Marathi, light', 'mr', 'light'],
  ] as const)(
    'no page has a serious barrier: %s',
    async (_name, language, scheme) => {
      const found: string[] = [];
      for (const [, path] of pages) {
        const { page } = await visit(browser, town, {
          login: 'revenue',
          language,
          scheme,
          path: await withCard(path),
        });
        await page.locator('.panel').first().waitFor();
        await page.waitForTimeout(700);
        found.push(...(await seriousViolations(page)));
        await page.context().close();
      }
      const { page } = await visit(browser, town, { language, scheme });
      await page.locator('form').waitFor();
      found.push(...(await seriousViolations(page)));
      await page.context().close();
      expect(found).toEqual([]);
    },
    120_000,
  );

  test.each([
    ['an office screen', { width: 1366, height: 768 }],
    ['a phone', { width: 390, height: 844 }],
  ] as const)(
    'Hindi and Marathi words fit on %s',
    async (_name, size) => {
      const found: string[] = [];
      for (const language of ['hi', 'mr'] as const) {
        for (const [, path] of pages) {
          const { page } = await visit(browser, town, {
            login: 'revenue',
            language,
            size,
            path: await withCard(path),
          });
          await page.locator('.panel, .sheet').first().waitFor();
          await page.waitForTimeout(500);
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

  test('the dark map is drawn in its own colours', async () => {
    const { page } = await visit(browser, town, {
      login: 'roads',
      scheme: 'dark',
      path: '/?map=17/23.7992/78.7001',
    });
    await untilDrawn(page, '#2c3038', 5_000);
    await page.context().close();
  });

  test('every key is on the page that ? opens, and Esc closes it', async () => {
    const { page } = await visit(browser, town, { login: 'revenue' });
    await page.getByTestId('map').waitFor();
    await page.keyboard.press('Shift+?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.waitFor();
    expect(await help.locator('dt').count()).toBeGreaterThan(10);
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.context().close();
  });
});

let cardId: string | undefined;

/** A path that ends in `property/` is completed by the first property of the roll. */
async function withCard(path: string): Promise<string> {
  if (!path.endsWith('/') || path === '/') return path;
  if (!cardId) {
    const { page } = await visit(browser, town, { login: 'revenue' });
    const answer = await page.context().request.get('/api/properties?limit=1');
    cardId = ((await answer.json()) as { items: { id: string }[] }).items[0]?.id;
    await page.context().close();
  }
  return path + (cardId ?? '');
}
