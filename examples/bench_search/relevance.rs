//! How right the answers are, by judged queries in several spellings.

use santinh::search::{Document, Query, SearchIndex, Setting};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
};

#[derive(serde::Deserialize)]
struct Asked {
    query_id: String,
    variant: String,
    query: String,
}

#[derive(serde::Deserialize)]
struct Grade {
    query_id: String,
    product_id: String,
    grade: f64,
}

/// Queries, and how good an answer each product is.
pub struct Judged {
    queries: Vec<Asked>,
    grades: HashMap<String, HashMap<String, f64>>,
}

#[derive(Default)]
struct Sum {
    queries: f64,
    success: f64,
    gain: f64,
}

fn rows<T: serde::de::DeserializeOwned>(path: &Path) -> anyhow::Result<Vec<T>> {
    Ok(csv::Reader::from_path(path)?.deserialize().collect::<Result<_, _>>()?)
}

fn gain(grades: &[f64]) -> f64 {
    let at = |(place, grade): (usize, &f64)| (grade.exp2() - 1.0) / ((place + 2) as f64).log2();
    grades.iter().enumerate().map(at).sum()
}

impl Judged {
    pub fn read(queries: Option<&str>, grades: Option<&str>) -> anyhow::Result<Self> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relevance");
        let path = |given: Option<&str>, name| given.map_or_else(|| own.join(name), Into::into);
        let queries = rows(&path(queries, "queries.csv"))?;
        let mut all: HashMap<String, HashMap<String, f64>> = HashMap::new();
        for grade in rows::<Grade>(&path(grades, "qrels.csv"))? {
            all.entry(grade.query_id).or_default().insert(grade.product_id, grade.grade);
        }
        Ok(Self { queries, grades: all })
    }

    pub fn len(&self) -> usize {
        self.queries.len()
    }

    /// The listings among which is searched: those whose ids stand in the table `only`, or all.
    pub fn corpus<'a>(
        &self,
        given: &'a [Document],
        only: Option<&str>,
    ) -> anyhow::Result<Vec<&'a Document>> {
        let Some(path) = only else { return Ok(given.iter().collect()) };
        let ids: HashSet<String> = rows::<HashMap<String, String>>(Path::new(path))?
            .into_iter()
            .flat_map(HashMap::into_values)
            .collect();
        Ok(given.iter().filter(|document| ids.contains(&document.codes[0])).collect())
    }

    /// Prints success@3 and nDCG@10 for each spelling.
    pub async fn judge(&self, index: &dyn SearchIndex, corpus: &[&Document]) -> anyhow::Result<()> {
        let codes: HashMap<_, &str> =
            corpus.iter().map(|document| (document.product, document.codes[0].as_str())).collect();
        let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
        let none = HashMap::new();
        for asked in &self.queries {
            let query = Query { q: asked.query.clone(), ..Query::default() };
            let found = index.find(&query, &Setting::default()).await?;
            let known = self.grades.get(&asked.query_id).unwrap_or(&none);
            let grade =
                |id| codes.get(id).and_then(|code| known.get(*code)).copied().unwrap_or(0.0);
            let grades: Vec<f64> = found.ids.iter().take(10).map(grade).collect();
            let mut best: Vec<f64> = known.values().copied().collect();
            best.sort_unstable_by(|a, b| b.total_cmp(a));
            best.truncate(10);
            let sum = sums.entry(&asked.variant).or_default();
            sum.queries += 1.0;
            sum.success += f64::from(u8::from(grades.iter().take(3).any(|grade| *grade > 0.0)));
            sum.gain += gain(&grades) / gain(&best).max(f64::MIN_POSITIVE);
        }
        println!("| spelling | queries | success@3 | nDCG@10 |\n|---|---:|---:|---:|");
        for (variant, sum) in sums {
            let (success, gain) = (sum.success / sum.queries, sum.gain / sum.queries);
            println!("| {variant} | {} | {success:.3} | {gain:.3} |", sum.queries);
        }
        println!();
        Ok(())
    }
}
