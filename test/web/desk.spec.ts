import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { startTown, type Town } from './town.js';
import { openBrowser, untilDrawn, visit } from './visit.js';

const building = '#e4e1d9';
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

describe('the door', () => {
  test('a person chooses a language, is told what to do after a wrong password, and comes in', async () => {
    const { page, faults } = await visit(browser, town);
    await page.getByRole('button', { name: /English/ }).click();
    await page.getByRole('menuitem', { name: 'हिन्दी' }).click();
    await page.getByLabel('प्रवेश नाम').fill('revenue');
    await page.getByLabel('पासवर्ड', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'प्रवेश करें' }).click();
    expect(await page.getByRole('alert').textContent()).toContain('प्रशासक');
    await page.getByLabel('पासवर्ड', { exact: true }).fill(town.password);
    await page.getByRole('button', { name: 'प्रवेश करें' }).click();
    await page.getByRole('navigation', { name: 'कार्य क्षेत्र' }).waitFor();
    expect(await page.getAttribute('html', 'lang')).toBe('hi');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a role sees only the work spaces that it may open', async () => {
    const { page } = await visit(browser, town, { login: 'lights', path: '/roll' });
    await page.getByTestId('map').waitFor();
    const names = await page.getByRole('navigation').getByRole('button').allTextContents();
    expect(names).toEqual(['Map', 'Keys']);
    await page.context().close();
  });
});

describe('the map', () => {
  test('it draws the town from vector tiles, every one of which is answered', async () => {
    const path = '/?map=17/23.7992/78.7001';
    const { page, faults, tiles } = await visit(browser, town, { login: 'revenue', path });
    await untilDrawn(page, building, 5_000);
    await page.waitForLoadState('networkidle');
    const layers = ['buildings', 'parcels', 'poles', 'roads', 'streetlights', 'wards', 'zones'];
    expect([...new Set(tiles.map((tile) => tile.split(' ')[0]))].sort()).toEqual(layers);
    expect(tiles.filter((tile) => !/ 20[04]$/.test(tile))).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  test('a layer that is switched off is gone, and the address says so', async () => {
    const { page } = await visit(browser, town, { login: 'roads', path: '/?map=17/23.7992/78.7001' });
    await untilDrawn(page, building, 5_000);
    await page.keyboard.press('l');
    await page.getByRole('switch', { name: /Buildings/ }).click({ force: true });
    // A few pixels of the same grey come from the edges of other things.
    await untilDrawn(page, building, 0, 500);
    expect(page.url()).toContain('hide=buildings');
    await page.context().close();
  });

  test('a parcel that is clicked shows its properties', async () => {
    const { page } = await visit(browser, town, { login: 'revenue' });
    await page.getByTestId('map').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('NGP-01-0000001');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'NGP-01-0000001' }).waitFor();
    await page.waitForURL(/map=18\.5/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !window.location.search.includes('sel='));
    // The flight put the parcel in the middle of what the inspector, 380 px wide, left free of the map.
    const map = await page.getByTestId('map').boundingBox();
    await page.mouse.click(
      (map?.x ?? 0) + ((map?.width ?? 0) - 380) / 2,
      (map?.y ?? 0) + (map?.height ?? 0) / 2,
    );
    await page.waitForURL(/sel=parcels\/\d+/);
    await page.getByRole('heading', { name: 'NGP-01-0000001' }).waitFor();
    await page.context().close();
  });
});

describe('search', () => {
  test('letters of one script find a name of the other, and Enter opens the card where it lies', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', language: 'hi' });
    await page.getByTestId('map').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('tripathi');
    const first = page.getByRole('option').first();
    await first.waitFor();
    expect(await first.textContent()).toContain('स्वामी');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const owner = page.locator('.owners strong').first();
    await owner.waitFor();
    expect(await owner.textContent()).toMatch(/[\u0900-\u097f]/);
    expect(await owner.textContent()).toContain('•');
    expect(page.url()).toMatch(/sel=property\//);
    await page.context().close();
  });

  test('nothing found says what to try', async () => {
    const { page } = await visit(browser, town, { login: 'revenue' });
    await page.getByTestId('map').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('qqqqzzzz');
    await page.getByText('Try a shorter part of the number').waitFor();
    await page.context().close();
  });
});

describe('the roll', () => {
  test('rows come as one scrolls, filters stand in the address, and a row flies to its parcel', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: '/roll' });
    await page.getByText('1,000 properties').waitFor();
    const table = page.getByRole('region', { name: 'Tax roll' });
    const before = await table.evaluate((box) => box.scrollHeight);
    await table.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.waitForFunction(
      (least) => (document.querySelector('.roll')?.scrollHeight ?? 0) > least,
      before,
    );
    await page.getByRole('combobox', { name: 'Ward' }).click();
    await page.getByRole('option', { name: 'Ward 02' }).click();
    await page.waitForURL(/ward=02/);
    await page.locator('.roll-table tbody tr', { hasText: 'NGP-02-' }).first().click();
    await page.getByRole('heading', { name: /NGP-02-/ }).waitFor();
    await page.waitForURL(/map=1[78]\./);
    await page.context().close();
  });

  test('an owner is revealed only for a reason', async () => {
    const { page } = await visit(browser, town, { login: 'revenue', path: '/roll' });
    await page.locator('.roll-table tbody tr').first().click();
    await page.getByRole('button', { name: 'Reveal…' }).click();
    const reveal = page.getByRole('button', { name: 'Reveal', exact: true });
    expect(await reveal.isDisabled()).toBe(true);
    await page.getByLabel('Reason').fill('hearing of objection 114');
    await reveal.click();
    await page.getByRole('button', { name: 'Mask again' }).waitFor();
    expect(await page.locator('.owners').textContent()).not.toContain('•');
    await page.context().close();
  });

  test('a link that a colleague sends opens the same card, tab and place', async () => {
    const first = await visit(browser, town, { login: 'revenue', path: '/roll' });
    await first.page.locator('.roll-table tbody tr').nth(2).click();
    await first.page.getByRole('tab', { name: 'Tax' }).click();
    await first.page.waitForURL(/tab=tax/);
    const number = await first.page.locator('.card-head h2').textContent();
    await first.page.waitForTimeout(600);
    const { pathname, search } = new URL(first.page.url());
    const second = await visit(browser, town, { login: 'commissioner', path: pathname + search });
    await second.page.getByRole('heading', { name: number ?? '' }).waitFor();
    expect(await second.page.getByRole('tab', { name: 'Tax' }).getAttribute('aria-selected')).toBe('true');
    expect(new URL(second.page.url()).searchParams.get('map')).toBe(new URLSearchParams(search).get('map'));
    await first.page.context().close();
    await second.page.context().close();
  });
});
