import { expect, test } from 'vitest';
import { redisAnswers } from '../../servers/redis-server.ts';
import { identify } from '../../supervise/process-identity.ts';
import { launchBrowser } from '../browser.ts';
import { testDatabase } from '../database.ts';
import { testRedis } from '../redis.ts';

test('two databases of one run know nothing of each other', async () => {
  const [first, second] = await Promise.all([testDatabase(), testDatabase()]);
  await first.query('create table marks (word varchar(20))');
  await first.query('insert into marks values (?)', ['été 🎁']);
  expect(await first.query('select word from marks')).toEqual([{ word: 'été 🎁' }]);
  expect(await second.query('show tables')).toEqual([]);
  await first.drop();
  await expect(first.query('select 1')).rejects.toThrow();
});

test('a Redis comes back on its port after it was killed', async () => {
  const redis = await testRedis();
  const before = redis.pid;
  redis.signal('SIGKILL');
  await expect.poll(() => redisAnswers(redis.port)).toBe(false);
  await redis.restart();
  expect(await redisAnswers(redis.port)).toBe(true);
  expect(redis.pid).not.toBe(before);
  await redis.stop();
  expect(identify(redis.pid)).toBeUndefined();
});

test('a browser opens a page', async () => {
  const browser = await launchBrowser();
  const page = await browser.newPage();
  await page.setContent('<title>MSP</title>');
  expect(await page.title()).toBe('MSP');
});
