//! The private PostgreSQL: with no `DATABASE_URL` the program runs a cluster of the *installed* server
//! programs below its own folder, reachable only through a Unix socket in a 0700 folder.
//!
//! Several processes may use one folder (a server, a command): each holds a shared lock on `pg.lock`,
//! and the last to leave stops the cluster. What a `kill -9` leaves behind (a server without a
//! program, a stale process or socket file) is recognised and put right at the next start.

use anyhow::{Context, Result, bail};
use sqlx::{ConnectOptions, Connection, postgres::PgConnectOptions};
use std::{
    fs::{self, File, Permissions},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const USER: &str = "santinh";

/// A running private cluster.
pub struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    run_as: RunAs,
    lock: File,
    left: bool,
}

impl Drop for Cluster {
    /// A program that ends by an error stops its server too.
    fn drop(&mut self) {
        if let Err(error) = self.leave() {
            tracing::warn!(%error, "the private PostgreSQL was not stopped");
        }
    }
}

/// PostgreSQL refuses to run as root; this is how it is started instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RunAs {
    /// As this process.
    Caller,
    /// As another user of the machine.
    User(u32, u32),
    /// As an unprivileged id of a user namespace: where no other user can reach the folder.
    Namespace,
}

impl Cluster {
    /// Makes the cluster if need be and starts it if it does not run. Blocking: some seconds the
    /// first time, a fraction of one later.
    ///
    /// # Errors
    /// PostgreSQL is not installed, of another version than the data, or does not start.
    pub fn start(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder.join("pg"))?;
        let data = folder.join("pg").canonicalize()?;
        let starting = File::create(folder.join("pg.start.lock"))?;
        starting.lock()?;
        let lock = File::create(folder.join("pg.lock"))?;
        lock.lock_shared()?;
        let run_as = choose_user(&data)?;
        let socket = socket_folder(&data, run_as)?;
        let cluster = Self { programs: programs(&data)?, data, socket, run_as, lock, left: false };
        cluster.create_if_missing()?;
        cluster.start_if_down()?;
        Ok(cluster)
    }

    /// How to connect to `database`.
    #[must_use]
    pub fn options(&self, database: &str) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket)
            .username(USER)
            .database(database)
    }

    /// Makes `database` unless it is there.
    ///
    /// # Errors
    /// Whatever the server says.
    pub async fn database(&self, database: &'static str) -> Result<PgConnectOptions> {
        let mut server = self.options("postgres").connect().await?;
        let there = sqlx::query("select 1 from pg_database where datname = $1")
            .bind(database)
            .fetch_optional(&mut server)
            .await?;
        if there.is_none() {
            let create = sqlx::AssertSqlSafe(format!("create database \"{database}\""));
            sqlx::raw_sql(create).execute(&mut server).await?;
        }
        server.close().await?;
        Ok(self.options(database))
    }

    /// Stops the server, unless another process still uses it. Blocking.
    ///
    /// # Errors
    /// The server does not stop.
    pub fn stop(mut self) -> Result<()> {
        self.leave()
    }

    fn leave(&mut self) -> Result<()> {
        if std::mem::replace(&mut self.left, true) {
            return Ok(());
        }
        if self.lock.unlock().is_ok() && self.lock.try_lock().is_ok() {
            self.control(&["-m", "fast", "-w", "stop"])?;
        }
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        command(&self.programs.join(program), self.run_as)
    }

    fn control(&self, args: &[&str]) -> Result<()> {
        let mut pg_ctl = self.command("pg_ctl");
        pg_ctl.arg("-D").arg(&self.data).args(args);
        // The server inherits these: an open pipe would never end.
        let done = pg_ctl.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).status()?;
        if !done.success() {
            bail!("pg_ctl {args:?} failed; see {}", self.data.join("server.log").display());
        }
        Ok(())
    }

    fn create_if_missing(&self) -> Result<()> {
        if self.data.join("PG_VERSION").exists() {
            return Ok(());
        }
        tracing::info!(folder = %self.data.display(), "making the private PostgreSQL cluster");
        let mut initdb = self.command("initdb");
        initdb.arg("-D").arg(&self.data).args([
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]);
        output(initdb).map(drop)
    }

    fn start_if_down(&self) -> Result<()> {
        if self.server_runs() {
            if self.answers() {
                return Ok(());
            }
            // Its socket was swept away, or it is on its way down.
            self.control(&["-m", "fast", "-w", "stop"])
                .or_else(|e| if self.server_runs() { Err(e) } else { Ok(()) })?;
        }
        self.remove_stale_files()?;
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c shared_buffers=256MB -c max_connections=120 \
             -c max_wal_size=2GB -c effective_cache_size=2GB -c random_page_cost=1.1",
            self.socket.display()
        );
        let log = self.data.join("server.log");
        let log = log.to_str().context("the folder's name must be UTF-8")?;
        self.control(&["-w", "-t", "120", "-l", log, "-o", &options, "start"])
    }

    /// Whether the process of `postmaster.pid` lives and is the server of this folder: after a
    /// crash the number may by now belong to anything.
    fn server_runs(&self) -> bool {
        let Ok(file) = fs::read_to_string(self.data.join("postmaster.pid")) else { return false };
        let mut lines = file.lines();
        let (Some(pid), Some(folder)) = (lines.next(), lines.next()) else { return false };
        let name = fs::read_to_string(format!("/proc/{}/comm", pid.trim())).unwrap_or_default();
        name.starts_with("postgres") && Path::new(folder) == self.data
    }

    fn answers(&self) -> bool {
        let mut ready = self.command("pg_isready");
        ready.arg("-q").arg("-t").arg("10").arg("-h").arg(&self.socket);
        ready.status().is_ok_and(|status| status.success())
    }

    fn remove_stale_files(&self) -> Result<()> {
        let stale = [
            self.data.join("postmaster.pid"),
            self.socket.join(".s.PGSQL.5432"),
            self.socket.join(".s.PGSQL.5432.lock"),
        ];
        for file in stale.iter().filter(|file| fs::symlink_metadata(file).is_ok()) {
            fs::remove_file(file).with_context(|| format!("stale {}", file.display()))?;
        }
        Ok(())
    }
}

/// The folder of `initdb`, `postgres` and `pg_ctl`: of the version that made the data, else the newest.
fn programs(data: &Path) -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("SANTINH_PG_BIN") {
        return Ok(folder.into());
    }
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, folder): &(u32, PathBuf)| folder.join("initdb").exists())
        .collect();
    versions.sort();
    if let Ok(made_by) = fs::read_to_string(data.join("PG_VERSION")) {
        let made_by = made_by.trim();
        return versions
            .into_iter()
            .find(|(version, _)| version.to_string() == made_by)
            .map(|(_, folder)| folder)
            .or_else(on_path)
            .with_context(|| {
                format!(
                    "{} was made by PostgreSQL {made_by}, which is not installed",
                    data.display()
                )
            });
    }
    versions.pop().map(|(_, folder)| folder).or_else(on_path).context(
        "no PostgreSQL server found. Install it (Debian: apt-get install postgresql) or set DATABASE_URL",
    )
}

fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn command(program: &Path, run_as: RunAs) -> Command {
    let mut command = match run_as {
        RunAs::Namespace => {
            let mut unshare = Command::new("unshare");
            unshare.args(["--user", "--map-user=65534", "--map-group=65534", "--"]).arg(program);
            unshare
        }
        RunAs::Caller | RunAs::User(..) => Command::new(program),
    };
    if let RunAs::User(user, group) = run_as {
        command.uid(user).gid(group);
    }
    for variable in ["PGHOST", "PGPORT", "PGDATA", "PGUSER", "PGDATABASE"] {
        command.env_remove(variable);
    }
    command.env("LC_ALL", "C.UTF-8").current_dir("/").stdin(Stdio::null());
    command
}

fn output(mut command: Command) -> Result<String> {
    let done = command.output().with_context(|| format!("{command:?}"))?;
    let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    if !done.status.success() {
        bail!("{command:?}: {out}{err}");
    }
    Ok(out.into_owned())
}

fn user_of_machine(name: &str) -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn choose_user(data: &Path) -> Result<RunAs> {
    let writes = |run_as| {
        let mut test = command(Path::new("/usr/bin/test"), run_as);
        test.arg("-w").arg(data).status().is_ok_and(|status| status.success())
    };
    if fs::metadata("/proc/self")?.uid() != 0 {
        return Ok(RunAs::Caller);
    }
    let owner = fs::metadata(data)?;
    let user = if owner.uid() == 0 {
        user_of_machine("postgres").or_else(|| user_of_machine("nobody"))
    } else {
        Some((owner.uid(), owner.gid()))
    };
    if let Some((uid, gid)) = user {
        let fresh = !data.join("PG_VERSION").exists();
        if fresh {
            chown(data, Some(uid), Some(gid))?;
            fs::set_permissions(data, Permissions::from_mode(0o700))?;
        }
        if writes(RunAs::User(uid, gid)) {
            return Ok(RunAs::User(uid, gid));
        }
        if fresh {
            chown(data, Some(0), Some(0))?;
        }
    }
    if writes(RunAs::Namespace) {
        return Ok(RunAs::Namespace);
    }
    bail!(
        "running as root, which PostgreSQL refuses: make {} reachable for the user postgres, or start as another user",
        data.display()
    )
}

/// A socket's path may have 107 bytes at most, so it lives in the temporary folder under a name made
/// from the data's.
fn socket_folder(data: &Path, run_as: RunAs) -> Result<PathBuf> {
    let name =
        data.as_os_str().as_encoded_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
            (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3)
        });
    let folder = std::env::temp_dir().join(format!("santinh-pg-{name:016x}"));
    if fs::symlink_metadata(&folder).is_err() {
        fs::create_dir(&folder)?;
    }
    let owner = match run_as {
        RunAs::User(uid, gid) => {
            if fs::symlink_metadata(&folder)?.uid() == 0 {
                chown(&folder, Some(uid), Some(gid))?;
            }
            uid
        }
        RunAs::Caller | RunAs::Namespace => fs::metadata("/proc/self")?.uid(),
    };
    let found = fs::symlink_metadata(&folder)?;
    if !found.is_dir() || found.uid() != owner {
        bail!("{} belongs to somebody else", folder.display());
    }
    fs::set_permissions(&folder, Permissions::from_mode(0o700))?;
    Ok(folder)
}
