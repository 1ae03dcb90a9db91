import { z } from 'zod';
import { limits } from '../platform/limits.js';

export const searchQuery = z.object({
  q: z.string().trim().min(1, 'Type what to look for').max(limits.searchTextLength),
  limit: z.coerce.number().int().min(1).max(limits.searchResults).default(20),
});
export type SearchQuery = z.output<typeof searchQuery>;
