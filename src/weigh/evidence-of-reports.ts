import { noEvidence } from './no-evidence.ts';
export function evidenceOfReports({ instead }: any) {
  return noEvidence(instead, 'not yet');
}
