import { meetCheckoutForms } from './shop/checkout-form.ts';
import './shop/order-live.ts';
import './shop/cart-drawer.ts';
import './shop/catalogue-live.ts';
import './shop/checkout-dialog.ts';
import './shop/keep-typed.ts';
import './shop/check-fields.ts';
import './shop/offer-email.ts';
import './shop/verify-order.ts';
import './print-page.ts';
import './shop/search.ts';
import './shop/no-answer.ts';
import './shop/restored-page.ts';

meetCheckoutForms();
