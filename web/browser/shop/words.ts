import { shopLiveWords } from '../../locales/shop-live.ts';

export const words = shopLiveWords(document.documentElement.lang);
