import { describe, expect, it } from 'vitest';
import { serviceList, type ShownService } from './service-list.ts';

const NOW = 1_800_000_000_000;

function textOf(services: readonly ShownService[]): string {
  return serviceList(services, NOW)
    .text.replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

function service(name: string, state: ShownService['state'], reason = 'sbc-2 down'): ShownService {
  return { id: name, name, state, reason, sinceMs: NOW - 120_000 };
}

describe('city services on the page', () => {
  it('are those that are not up, the worst first, each with a mark and its reason', () => {
    const text = textOf([
      service('Họp trực tuyến', 'degraded'),
      service('Thư', 'up'),
      service('1022', 'down', 'sbc-1 down, 0 of 1 needed left'),
    ]);
    expect(text).toBe(
      'Dịch vụ của thành phố / city services ■ mất / down 1022 : sbc-1 down, 0 of 1 needed left · từ / since 2 min ◐ suy giảm / degraded Họp trực tuyến : sbc-2 down · từ / since 2 min',
    );
  });

  it('are not there while all are up, and are cut with a count', () => {
    expect(textOf([service('Thư', 'up')])).toBe('');
    const many = Array.from({ length: 12 }, (_, at) => service(`s${at}`, 'down'));
    expect(textOf(many)).toMatch(/s9 .* \+ 2$/);
    expect(textOf(many)).not.toContain('s10');
  });
});
