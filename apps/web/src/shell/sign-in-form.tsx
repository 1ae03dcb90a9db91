import { Button, PasswordInput, Select, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '../api/client.js';
import { useSignIn } from '../api/session.js';
import type { Ulb } from '../api/types.js';
import { Failure } from '../ui/failure.js';
import { useUrl } from '../ui/url-state.js';

const asksCode = (error: ApiError | null): boolean => error?.kind === 'totp-needed';

/** Municipality, login, password and, once the server asks for it, the authenticator's code. */
export function SignInForm({ ulbs }: { ulbs: Ulb[] | undefined }) {
  const { t, i18n } = useTranslation();
  const signIn = useSignIn();
  const [urlUlb, setUrlUlb] = useUrl('ulb');
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [codeAsked, setCodeAsked] = useState(false);
  const list = ulbs ?? [];
  const ulb =
    list.find(({ code }) => code === urlUlb)?.code ?? (list.length === 1 ? list[0]?.code : undefined);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ulb || !login || !password) return;
    const code = codeAsked && totp ? { totp: totp.replace(/\s/g, '') } : {};
    signIn.mutate(
      { ulb, login: login.trim().toLowerCase(), password, ...code },
      { onError: (error) => asksCode(error) && setCodeAsked(true) },
    );
  };

  const missing = !ulb ? t('signIn.needUlb') : !login || !password ? t('signIn.needBoth') : null;
  return (
    <form onSubmit={submit} noValidate>
      <Select
        label={t('signIn.ulb')}
        placeholder={t('signIn.ulbHint')}
        data={list.map((each) => ({ value: each.code, label: nameOf(each, i18n.language) }))}
        value={ulb ?? null}
        onChange={(code) => setUrlUlb(code)}
        searchable={list.length > 8}
        disabled={!ulbs}
        allowDeselect={false}
        nothingFoundMessage={t('signIn.ulbNone')}
      />
      <TextInput
        label={t('signIn.login')}
        value={login}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => setLogin(event.currentTarget.value)}
      />
      <PasswordInput
        label={t('signIn.password')}
        value={password}
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      {codeAsked ? <Code value={totp} onChange={setTotp} /> : null}
      {signIn.isError && !asksCode(signIn.error) ? <Refused error={signIn.error} /> : null}
      <Button type="submit" fullWidth loading={signIn.isPending} disabled={missing !== null}>
        {t('signIn.submit')}
      </Button>
      <p className="sign-in-missing quiet" aria-live="polite">
        {missing}
      </p>
    </form>
  );
}

function Code({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t('signIn.totp')}
      description={t('signIn.totpHint')}
      value={value}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      autoFocus
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** Why one could not get in, in the person's language, and what to do now. */
function Refused({ error }: { error: ApiError }) {
  const { t } = useTranslation();
  const known = error.status === 401 ? 'wrong' : error.status === 429 ? 'locked' : null;
  if (!known) return <Failure error={error} />;
  return (
    <div className="failure" role="alert">
      <div>
        <strong>{t(`signIn.${known}.title`)}</strong>
        <p>{t(`signIn.${known}.detail`)}</p>
      </div>
    </div>
  );
}

function nameOf(ulb: Ulb, language: string): string {
  return language === 'en' ? ulb.name : (ulb.nameLocal ?? ulb.name);
}
