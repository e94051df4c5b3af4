import type { CustomerField, FieldProblem } from '../../shared/contracts/customer-rules.ts';

/** What an open page of the shop says by itself; bundled for the browser. */
const fr = {
  /** The same sentences as the server's, beside the same fields. */
  errors: {
    name: {
      required: 'Indiquez votre nom complet.',
      too_long: 'Ce nom est trop long (120 caractères au plus).',
      invalid: 'Ce nom contient des caractères illisibles.',
    },
    email: {
      required: 'Indiquez votre adresse email.',
      too_long: 'Cette adresse est trop longue.',
      invalid: 'Cette adresse email n’est pas complète. Exemple : marie@exemple.fr',
    },
    phone: {
      required: 'Indiquez votre téléphone.',
      too_long: 'Ce numéro est trop long.',
      invalid: 'Ce numéro n’est pas lisible. Exemple : 06\u00a012\u00a034\u00a056\u00a078',
    },
    notes: {
      required: 'Écrivez quelque chose.',
      too_long: 'Ces notes sont trop longues (1000 caractères au plus).',
      invalid: 'Ces notes contiennent des caractères illisibles.',
    },
  } satisfies Record<CustomerField, Record<FieldProblem, string>>,
  noAnswer: 'Pas de réponse. Vérifiez votre connexion, puis réessayez.',
  /** Around a button that takes the suggested address. */
  didYouMean: 'Vouliez-vous dire',
  questionMark: '\u00a0?',
  suggested: (address: string) => `Vouliez-vous dire ${address} ? Un bouton sous le champ la reprend.`,
  taken: (address: string) => `Adresse reprise : ${address}`,
  checking: {
    heading: 'Nous vérifions votre commande…',
    waiting: 'Cela prend plus de temps que d’habitude. Restez sur cette page, il n’y a rien à refaire.',
    retrying: 'La réponse ne nous est pas parvenue. Nous redemandons : votre commande ne peut être passée qu’une fois.',
    busy: 'Beaucoup de commandes arrivent en ce moment. La vôtre passe dès que possible : restez sur cette page.',
    offline: 'Vous êtes hors connexion. Nous continuons dès qu’elle revient, il n’y a rien à refaire.',
    unsureHeading: 'Toujours pas de réponse',
    unsure:
      'Nous ne savons pas encore si votre commande est passée. Vérifiez dans un instant : elle ne peut être passée qu’une fois.',
    verify: 'Vérifier ma commande',
  },
};

export type ShopLiveWords = typeof fr;

const en: ShopLiveWords = {
  errors: {
    name: {
      required: 'Enter your full name.',
      too_long: 'This name is too long (at most 120 characters).',
      invalid: 'This name contains unreadable characters.',
    },
    email: {
      required: 'Enter your email address.',
      too_long: 'This address is too long.',
      invalid: 'This email address is not complete. Example: marie@example.com',
    },
    phone: {
      required: 'Enter your phone number.',
      too_long: 'This number is too long.',
      invalid: 'This number cannot be read. Example: +33\u00a06\u00a012\u00a034\u00a056\u00a078',
    },
    notes: {
      required: 'Write something.',
      too_long: 'These notes are too long (at most 1000 characters).',
      invalid: 'These notes contain unreadable characters.',
    },
  },
  noAnswer: 'No answer. Check your connection, then try again.',
  didYouMean: 'Did you mean',
  questionMark: '?',
  suggested: (address) => `Did you mean ${address}? A button below the field takes it.`,
  taken: (address) => `Address taken: ${address}`,
  checking: {
    heading: 'We are checking your order…',
    waiting: 'This takes longer than usual. Stay on this page, there is nothing to do again.',
    retrying: 'The answer did not reach us. We are asking again: your order can only be placed once.',
    busy: 'Many orders are coming in right now. Yours goes through as soon as possible: stay on this page.',
    offline: 'You are offline. We go on as soon as you are back, there is nothing to do again.',
    unsureHeading: 'Still no answer',
    unsure: 'We do not know yet whether your order went through. Check in a moment: it can only be placed once.',
    verify: 'Check my order',
  },
};

export function shopLiveWords(lang: string): ShopLiveWords {
  return lang.startsWith('en') ? en : fr;
}
