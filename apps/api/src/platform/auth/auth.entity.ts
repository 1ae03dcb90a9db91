import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';

/** Somebody who may sign in. `wardNumbers` null: the whole municipality. */
@Entity('users')
@Check('users_login_check', '(login = lower(login)) AND ((length(login) >= 3) AND (length(login) <= 64))')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'users_ulb_id_fkey' })
@Unique('users_ulb_id_login_key', ['ulbId', 'login'])
export class User {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text', collation: 'C' }) login!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) role!: string;
  @Column({ type: 'text', name: 'ward_numbers', array: true, nullable: true }) wardNumbers!: string[] | null;
  @Column({ type: 'text', name: 'password_hash' }) passwordHash!: string;
  @Column({ type: 'text', name: 'totp_secret', nullable: true }) totpSecret!: string | null;
  @Column({ type: 'bigint', name: 'totp_last_step', nullable: true }) totpLastStep!: string | null;
  @Column({ type: 'int', name: 'failed_logins', default: 0 }) failedLogins!: number;
  @Column({ type: 'timestamptz', name: 'locked_until', nullable: true }) lockedUntil!: Date | null;
  @Column({ type: 'timestamptz', name: 'disabled_at', nullable: true }) disabledAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

/** A sign-in of the web client. Only the digest of its token is kept. */
@Entity('sessions')
@ForeignKey('users', ['ulbId', 'userId'], ['ulbId', 'id'], { name: 'sessions_ulb_id_user_id_fkey' })
export class Session {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'bytea', name: 'token_hash' }) tokenHash!: Buffer;
  @Column({ type: 'uuid', name: 'user_id' }) userId!: string;
  @Column({ type: 'text', name: 'csrf_token' }) csrfToken!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'seen_at' }) seenAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at' }) expiresAt!: Date;
}

/** A token of a device or a GIS program: acts as its user, with no more than the permissions listed. */
@Entity('api_tokens')
@ForeignKey('users', ['ulbId', 'userId'], ['ulbId', 'id'], { name: 'api_tokens_ulb_id_user_id_fkey' })
export class ApiToken {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'bytea', name: 'token_hash' }) tokenHash!: Buffer;
  @Column({ type: 'uuid', name: 'user_id' }) userId!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', array: true }) permissions!: string[];
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'expires_at', nullable: true }) expiresAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'revoked_at', nullable: true }) revokedAt!: Date | null;
}

export const authEntities = [User, Session, ApiToken];
