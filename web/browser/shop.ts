import './shop/order-live.ts';
import './shop/checkout-dialog.ts';
import './shop/toasts.ts';
import './shop/restored-page.ts';
