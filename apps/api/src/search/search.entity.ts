import { Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A word by which search finds something. */
@Entity('search_terms')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'search_terms_ulb_id_fkey' })
@Index('search_terms_noun', ['ulbId', 'noun', 'nounId'])
export class SearchTerm {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'text', collation: 'C' }) noun!: string;
  @PrimaryColumn({ type: 'text', collation: 'C' }) term!: string;
  @PrimaryColumn({ type: 'uuid', name: 'noun_id' }) nounId!: string;
}

export const searchEntities = [SearchTerm];
