import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** An account of the books. */
@Entity('accounts')
@Check('accounts_kind_check', "kind IN ('asset', 'liability', 'income', 'expense', 'equity')")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'accounts_ulb_id_fkey' })
export class Account {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'text', collation: 'C' }) code!: string;
  @Column({ type: 'text' }) kind!: 'asset' | 'liability' | 'income' | 'expense' | 'equity';
  @Column({ type: 'text' }) title!: string;
}

/** One balanced movement: the same amount from the credit account to the debit account. Append only. */
@Entity('postings')
@Check('postings_amount_paise_check', 'amount_paise > 0')
@Check('postings_check', 'debit_account <> credit_account')
@Check(
  'postings_kind_check',
  "kind IN ('opening', 'demand', 'credit') OR kind ~ '^(rebate|unrebate|lapse)\\.[a-z][a-z0-9_]*$'",
)
export class Posting {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @PrimaryColumn({ type: 'smallint' }) fy!: number;
  @PrimaryColumn({ type: 'text', collation: 'C' }) head!: string;
  @PrimaryColumn({ type: 'smallint' }) instalment!: number;
  /** `opening`, `demand`, `credit`, or of a rebate with its name `rebate.x`, `unrebate.x`, `lapse.x`. */
  @PrimaryColumn({ type: 'text', collation: 'C' }) kind!: string;
  @PrimaryColumn({ type: 'smallint', name: 'entry_no' }) entryNo!: number;
  @Column({ type: 'text', name: 'debit_account', collation: 'C' }) debitAccount!: string;
  @Column({ type: 'text', name: 'credit_account', collation: 'C' }) creditAccount!: string;
  @Column({ type: 'bigint', name: 'amount_paise' }) amountPaise!: string;
  @Column({ type: 'date', name: 'due_on' }) dueOn!: string;
  @Column({ type: 'date', name: 'posted_on' }) postedOn!: string;
  @Column({ type: 'uuid', name: 'source_id' }) sourceId!: string;
}

export const ledgerEntities = [Account, Posting];
