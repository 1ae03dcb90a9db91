import { Button, Skeleton } from '@mantine/core';
import { IconReceiptRupee } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useExplanation } from '../api/assessment.js';
import { useProperty } from '../api/roll.js';
import type { PropertyCard } from '../api/types.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { Section } from '../ui/facts.js';
import { rupees, rupeesWithSign, word } from '../ui/format.js';
import { Tag } from '../ui/tag.js';
import { writeUrl } from '../ui/url-state.js';
import { ExplanationView } from './explanation-view.js';
import { PastAssessments } from './past-assessments.js';
import './tax.css';

/** What a property owes, and how every rupee of it came about. */
export default function TaxTab({ propertyId }: { propertyId: string }) {
  const property = useProperty(propertyId);
  const card = property.data;
  if (!card) return null;
  return (
    <>
      {card.assessment ? <Assessed assessment={card.assessment} propertyId={propertyId} /> : <NotAssessed />}
      {card.ledger ? <Ledger ledger={card.ledger} /> : null}
      {card.assessment ? <Explained propertyId={propertyId} fy={card.assessment.fy} /> : null}
      {card.assessment ? <PastAssessments propertyId={propertyId} fy={card.assessment.fy} /> : null}
    </>
  );
}

function NotAssessed() {
  const { t } = useTranslation();
  return (
    <Empty
      icon={<IconReceiptRupee size={24} />}
      title={t('tax.none.title')}
      action={
        <Button size="xs" variant="light" onClick={() => writeUrl({ view: 'assess' }, true)}>
          {t('tax.none.action')}
        </Button>
      }
    >
      {t('tax.none.detail')}
    </Empty>
  );
}

function Assessed({
  assessment,
}: {
  assessment: NonNullable<PropertyCard['assessment']>;
  propertyId: string;
}) {
  const { t, i18n } = useTranslation();
  return (
    <div className="tax-total">
      <span className="quiet">{t('tax.forYear', { fy: assessment.fy })}</span>
      <strong className="number">{rupeesWithSign(assessment.totalPaise)}</strong>
      <span className="tax-tags">
        {assessment.status === 'sample' ? <Tag tone="warning">{t('tax.sample')}</Tag> : null}
        {assessment.exempt ? <Tag tone="success">{t('tax.exempt')}</Tag> : null}
        {assessment.assessmentNo > 1 ? (
          <Tag>{t('tax.revision', { number: assessment.assessmentNo })}</Tag>
        ) : null}
      </span>
      <span className="quiet">{word(assessment.tariffTitle, i18n.language)}</span>
    </div>
  );
}

function Ledger({ ledger }: { ledger: NonNullable<PropertyCard['ledger']> }) {
  const { t } = useTranslation();
  const lines = [
    ['opening', ledger.openingPaise],
    ['demand', ledger.demandPaise],
    ...(ledger.rebatePaise === '0' ? [] : [['rebate', negated(ledger.rebatePaise)] as const]),
  ] as const;
  return (
    <Section title={t('ledger.title')}>
      <table className="plain-table">
        <tbody>
          {lines.map(([name, amount]) => (
            <tr key={name}>
              <td>{t(`ledger.${name}`)}</td>
              <td className="amount">{rupees(amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td>{t('ledger.balance')}</td>
            <td className="amount">{rupees(ledger.balancePaise)}</td>
          </tr>
        </tfoot>
      </table>
    </Section>
  );
}

const negated = (paise: string) => (-BigInt(paise)).toString();

function Explained({ propertyId, fy }: { propertyId: string; fy: string }) {
  const explanation = useExplanation(propertyId, fy);
  if (explanation.isError) return <Failure error={explanation.error} onRetry={() => explanation.refetch()} />;
  if (!explanation.data) return <Skeleton height={220} m={16} width="auto" />;
  return <ExplanationView explanation={explanation.data} />;
}
