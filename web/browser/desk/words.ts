import { deskLiveWords } from '../../locales/desk-live.ts';

export const locale = document.documentElement.lang === 'en' ? 'en' : 'fr';
export const words = deskLiveWords(locale);
