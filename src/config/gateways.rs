//! Where the payment gateways are. Sellers bring their own contracts; Stripe alone needs one of the floor.

use super::Reader;
use secrecy::SecretString;

/// The addresses of the providers.
#[derive(Debug, Clone)]
pub struct Gateways {
    /// VNPay's page on which buyers pay.
    pub vnpay_pay: String,
    /// VNPay's questions and refunds.
    pub vnpay_api: String,
    /// MoMo, without a path.
    pub momo: String,
    /// ZaloPay, without a path.
    pub zalopay: String,
    /// `None`: no seller is offered Stripe.
    pub stripe: Option<Stripe>,
}

/// The floor's own Stripe platform, to which sellers' accounts are connected.
#[derive(Debug, Clone)]
pub struct Stripe {
    pub url: String,
    /// `sk_…`
    pub key: SecretString,
    /// `whsec_…`: of the endpoint for events of connected accounts.
    pub webhook: SecretString,
}

impl Gateways {
    pub(super) fn read(r: &mut Reader) -> Self {
        Self {
            vnpay_pay: address(r, "SANTINH_VNPAY_PAY_URL", "https://pay.vnpay.vn/vpcpay.html"),
            vnpay_api: address(
                r,
                "SANTINH_VNPAY_API_URL",
                "https://merchant.vnpay.vn/merchant_webapi/api/transaction",
            ),
            momo: address(r, "SANTINH_MOMO_URL", "https://payment.momo.vn"),
            zalopay: address(r, "SANTINH_ZALOPAY_URL", "https://openapi.zalopay.vn"),
            stripe: stripe(r),
        }
    }
}

pub(super) fn address(r: &mut Reader, name: &str, default: &str) -> String {
    let url = r.text(name, default);
    if !url.starts_with("https://") && !url.starts_with("http://") {
        r.problem(format!("{name}: must begin with https://"));
    }
    url.trim_end_matches('/').to_owned()
}

fn stripe(r: &mut Reader) -> Option<Stripe> {
    let url = address(r, "SANTINH_STRIPE_URL", "https://api.stripe.com");
    let begins = |with: &'static [&'static str], why: &'static str| {
        move |text: &str| {
            let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
            match printable && with.iter().any(|start| text.starts_with(start)) {
                true => Ok(()),
                false => Err(why),
            }
        }
    };
    let key = r.secret("SANTINH_STRIPE_KEY", begins(&["sk_", "rk_"], "must begin with sk_ or rk_"));
    let webhook =
        r.secret("SANTINH_STRIPE_WEBHOOK_SECRET", begins(&["whsec_"], "must begin with whsec_"));
    match (key, webhook) {
        (Some(key), Some(webhook)) => Some(Stripe { url, key, webhook }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            r.problem("SANTINH_STRIPE_KEY and SANTINH_STRIPE_WEBHOOK_SECRET: set both or none");
            None
        }
    }
}
