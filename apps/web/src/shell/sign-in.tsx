import { useTranslation } from 'react-i18next';
import { useUlbs } from '../api/session.js';
import { Failure } from '../ui/failure.js';
import { Mark } from '../ui/mark.js';
import { LanguageMenu } from './language-menu.js';
import { SignInForm } from './sign-in-form.js';
import './sign-in.css';

/** The door: which municipality, who, in which language. */
export default function SignIn() {
  const { t } = useTranslation();
  const ulbs = useUlbs();
  return (
    <div className="sign-in">
      <div className="sign-in-language">
        <LanguageMenu />
      </div>
      <main className="sign-in-card">
        <header>
          <Mark size={44} />
          <div>
            <h1>Jarib</h1>
            <p>{t('signIn.tagline')}</p>
          </div>
        </header>
        {ulbs.isError ? <Failure error={ulbs.error} onRetry={() => ulbs.refetch()} /> : null}
        {ulbs.data?.length === 0 ? <p className="quiet">{t('signIn.noUlb')}</p> : null}
        {ulbs.isError || ulbs.data?.length === 0 ? null : <SignInForm ulbs={ulbs.data} />}
      </main>
      <p className="sign-in-foot">{t('signIn.foot')}</p>
    </div>
  );
}
