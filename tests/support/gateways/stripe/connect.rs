//! Accounts of sellers under the floor's platform, and the pages on which Stripe asks them.

use super::*;

/// What Stripe wants of a new account.
const FIRST: [&str; 5] = [
    "business_profile.url",
    "business_type",
    "external_account",
    "representative.dob.day",
    "tos_acceptance.date",
];

/// An account that has answered everything.
pub fn ready(id: &str) -> Value {
    let mut account = fresh(id, "SG", Value::Null, &json!({}));
    answers(&mut account);
    account
}

fn fresh(id: &str, country: &str, email: Value, metadata: &Value) -> Value {
    json!({
        "id": id, "object": "account", "type": "standard", "country": country, "email": email,
        "charges_enabled": false, "payouts_enabled": false, "details_submitted": false,
        "created": 1_795_312_800, "default_currency": "sgd", "metadata": metadata,
        "requirements": {
            "alternatives": [], "current_deadline": null, "currently_due": FIRST, "errors": [],
            "disabled_reason": "requirements.past_due", "eventually_due": FIRST, "past_due": FIRST,
            "pending_verification": [],
        },
    })
}

/// Everything is answered and found good.
pub fn answers(account: &mut Value) {
    for what in ["charges_enabled", "payouts_enabled", "details_submitted"] {
        account[what] = true.into();
    }
    for list in ["currently_due", "eventually_due", "past_due"] {
        account["requirements"][list] = json!([]);
    }
    account["requirements"]["disabled_reason"] = Value::Null;
}

/// Something more is wanted before money goes on.
pub fn wants(account: &mut Value, what: &str) {
    account["payouts_enabled"] = false.into();
    account["requirements"]["currently_due"] = json!([what]);
}

/// The floor speaks for itself: a request for an account of somebody would be another one.
fn of_the_platform(state: &mut State, headers: &HeaderMap) {
    if headers.contains_key("stripe-account") {
        state.complain("the platform's own request was made for an account");
    }
}

pub(in super::super) async fn create(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let fields = fields(body.as_bytes());
    let said = on(&state, "POST /v1/accounts", &headers, &fields, |state, form| {
        of_the_platform(state, &headers);
        once(state, &headers, &body, |state| {
            let id = format!("acct_1New{}", state.number());
            let account = fresh(
                &id,
                form["country"].as_str().unwrap_or("US"),
                form["email"].clone(),
                &form["metadata"],
            );
            state.accounts.insert(id, account.clone());
            (200, account)
        })
    });
    answer(&state, said.0, said.1).await
}

pub(in super::super) async fn find(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let fields = fields(query.unwrap_or_default().as_bytes());
    let said = on(&state, "GET /v1/accounts/{account}", &headers, &fields, |state, _| {
        of_the_platform(state, &headers);
        match state.accounts.get(&id) {
            Some(account) => (200, account.clone()),
            None => (403, refusal("account_invalid")),
        }
    });
    answer(&state, said.0, said.1).await
}

pub(in super::super) async fn link(
    Part((state, _)): Part<(Shared, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let fields = fields(body.as_bytes());
    let host = headers["host"].to_str().unwrap().to_owned();
    let said = on(&state, "POST /v1/account_links", &headers, &fields, |state, form| {
        of_the_platform(state, &headers);
        let account = form["account"].as_str().unwrap_or_default().to_owned();
        if !state.accounts.contains_key(&account) {
            return (400, refusal("resource_missing"));
        }
        // Stripe wants both for its onboarding.
        for wanted in ["refresh_url", "return_url"] {
            if form[wanted].as_str().is_none_or(str::is_empty) {
                return (400, refusal("parameter_missing"));
            }
        }
        let number = state.number();
        (
            200,
            json!({
                "object": "account_link", "created": 1_795_312_800, "expires_at": 1_795_313_100,
                "url": format!("http://{host}/page/{account}-{number}"),
            }),
        )
    });
    answer(&state, said.0, said.1).await
}
