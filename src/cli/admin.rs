//! `santinh admin …`

use crate::{
    accounts::{self, NewPerson, Role},
    app::App,
    kernel::{Cx, Lang, PersonId},
    platform::audit,
};
use anyhow::Context;
use serde_json::json;
use sqlx::PgConnection;
use std::io::BufRead;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Recompute the audit chain and say whether every row is whole.
    VerifyAudit,
    /// Make somebody an officer of the Department of Industry and Trade.
    CreateOfficer(Newcomer),
    /// Make somebody an operator of the floor.
    CreateOperator(Newcomer),
    /// List officers and operators.
    Roles,
    /// Take away a lost second factor: its owner sets a new one up at the next sign-in.
    ResetSecondFactor {
        /// E-mail address of the account.
        email: String,
    },
}

#[derive(clap::Args)]
pub(super) struct Newcomer {
    /// E-mail address. An account that has it already gets the role.
    email: String,
    /// Full name, for a new account.
    #[arg(default_value = "")]
    name: String,
    /// Read the password from the first line of standard input instead of printing a one-time link.
    #[arg(long)]
    password_stdin: bool,
}

pub(super) async fn run(app: &App, command: Command) -> anyhow::Result<()> {
    let cx = Cx::at(app.clock.now());
    match command {
        Command::VerifyAudit => match audit::verify(&mut *app.db.acquire().await?).await? {
            Ok(rows) => println!("{rows} rows, all whole"),
            Err(seq) => anyhow::bail!("the chain is broken at row {seq}"),
        },
        Command::CreateOfficer(who) => create(app, &cx, &who, Role::Officer).await?,
        Command::CreateOperator(who) => create(app, &cx, &who, Role::Operator).await?,
        Command::Roles => {
            for holder in accounts::roles(&mut *app.db.acquire().await?).await? {
                let factor =
                    if holder.second_factor { "second factor" } else { "NO second factor" };
                let email = holder.email.unwrap_or_default();
                println!("{}\t{email}\t{}\t{factor}", holder.role, holder.name);
            }
        }
        Command::ResetSecondFactor { email } => {
            let mut tx = app.db.begin().await?;
            let found = accounts::person_by_email(&mut tx, &email).await?;
            let person = found.with_context(|| format!("no account has the address {email}"))?;
            accounts::reset_second_factor(&mut tx, person.id).await?;
            let subject = format!("person:{}", person.id);
            let action = "accounts.reset_second_factor";
            audit::record(&mut tx, &cx, action, &subject, json!({ "by": "command line" })).await?;
            tx.commit().await?;
            println!("{email} sets a new second factor up at the next sign-in");
        }
    }
    Ok(())
}

async fn create(app: &App, cx: &Cx, who: &Newcomer, role: Role) -> anyhow::Result<()> {
    let password = if who.password_stdin { Some(read_password(&who.email)?) } else { None };
    let hash = match &password {
        Some(password) => Some(accounts::hash_password(password).await?),
        None => None,
    };
    let mut tx = app.db.begin().await?;
    let (person, new) = find_or_make(&mut tx, cx, who, hash).await?;
    accounts::grant_role(&mut tx, cx, person, role).await?;
    let link = match (new, &password) {
        (true, None) => Some(accounts::password_link(&mut tx, cx, person).await?),
        _ => None,
    };
    let subject = format!("person:{person}");
    let detail = json!({ "role": role.as_str(), "by": "command line" });
    audit::record(&mut tx, cx, "accounts.grant_role", &subject, detail).await?;
    tx.commit().await?;
    println!("{} is now {}", who.email, role.as_str());
    if let Some(path) = link {
        println!("Open this once, within a day, to set the password:");
        println!("{}{path}", app.config.site.base_url);
    }
    println!("The second factor is set up at the first sign-in.");
    Ok(())
}

/// The account of the address; a new one is confirmed, because whoever runs this vouches for it.
async fn find_or_make(
    db: &mut PgConnection,
    cx: &Cx,
    who: &Newcomer,
    password_hash: Option<String>,
) -> anyhow::Result<(PersonId, bool)> {
    if let Some(there) = accounts::person_by_email(db, &who.email).await? {
        anyhow::ensure!(
            password_hash.is_none(),
            "{} has an account and a password already; leave --password-stdin out",
            who.email
        );
        return Ok((there.id, false));
    }
    anyhow::ensure!(!who.name.trim().is_empty(), "a new account needs a name after the address");
    let email = accounts::parse_email(&who.email)
        .map_err(|text| anyhow::anyhow!("{}: {}", who.email, text.get(Lang::En)))?;
    let new = NewPerson {
        name: who.name.trim().to_owned(),
        email: Some(email),
        phone: None,
        lang: Lang::Vi,
        password_hash,
        email_confirmed: true,
    };
    Ok((accounts::create_person(db, cx, &new).await?, true))
}

fn read_password(email: &str) -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("reading the password")?;
    let password = line.trim_end_matches(['\r', '\n']);
    accounts::check_password(password, email)
        .map_err(|text| anyhow::anyhow!("{}", text.get(Lang::En)))?;
    Ok(password.to_owned())
}
