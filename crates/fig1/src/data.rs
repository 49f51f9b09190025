//! Images and their classes, from the digits or from IDX files.
//!
//! Deliberately absent: every other format, and standardization. Pixels are divided by the most that the format allows.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use flate2::read::MultiGzDecoder;

/// Of the digits, every fifth image is for the test, from the fifth on.
const TEST_SHARE: usize = 5;
/// Pixels of the digits are 0 to 16.
const LARGEST_OF_DIGITS: f32 = 16.0;

/// The first bytes of an IDX file of images, and of one of labels: unsigned bytes in three dimensions, or in one.
const IMAGES: [u8; 4] = [0, 0, 8, 3];
const LABELS: [u8; 4] = [0, 0, 8, 1];

/// Images in order, row by row, with pixels from 0 to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Images {
    /// Of the first image, then of the second.
    pub pixels: Vec<f32>,
    /// The class of each image, from 0.
    pub labels: Vec<u32>,
    /// Pixels of an image.
    pub features: usize,
}

/// What is learnt from, and what tells how well.
#[derive(Debug, Clone)]
pub struct DataSet {
    /// What SGD draws from.
    pub train: Images,
    /// Never drawn.
    pub test: Images,
    /// How many classes there are.
    pub classes: usize,
}

impl Images {
    /// The pixels of an image.
    pub fn image(&self, i: usize) -> &[f32] {
        &self.pixels[i * self.features..][..self.features]
    }

    fn new(pixels: Vec<f32>, labels: Vec<u32>) -> anyhow::Result<Self> {
        ensure!(!labels.is_empty(), "no images");
        let features = pixels.len() / labels.len();
        ensure!(features > 0 && features * labels.len() == pixels.len(), "not one label for each image");
        Ok(Images { pixels, labels, features })
    }

    /// The images of which the predicate of their number holds.
    fn where_number(&self, holds: impl Fn(usize) -> bool) -> Images {
        let numbers = Vec::from_iter((0..self.labels.len()).filter(|&i| holds(i)));
        Images {
            pixels: numbers.iter().flat_map(|&i| self.image(i)).copied().collect(),
            labels: numbers.iter().map(|&i| self.labels[i]).collect(),
            features: self.features,
        }
    }
}

impl DataSet {
    /// The handwritten digits: a CSV file with a header, pixels from 0 to 16, and the digit in the last column.
    ///
    /// Every fifth image is for the test; the file is in no order, so that a fixed rule will do.
    pub fn digits(path: &Path) -> anyhow::Result<Self> {
        let all = read_csv(&read(path)?).with_context(|| path.display().to_string())?;
        let is_test = |i: usize| i % TEST_SHARE == TEST_SHARE - 1;
        DataSet::new(all.where_number(|i| !is_test(i)), all.where_number(is_test))
    }

    /// Four IDX files: images and labels to learn from, and those for the test.
    pub fn idx([images, labels, test_images, test_labels]: [&Path; 4]) -> anyhow::Result<Self> {
        let pair = |images: &Path, labels: &Path| {
            let read_pair = || Images::new(read_pixels(images)?, read_labels(labels)?);
            read_pair().with_context(|| format!("{} and {}", images.display(), labels.display()))
        };
        DataSet::new(pair(images, labels)?, pair(test_images, test_labels)?)
    }

    /// Checks that the test can be answered by what is learnt.
    pub fn new(train: Images, test: Images) -> anyhow::Result<Self> {
        ensure!(!test.labels.is_empty(), "no images for the test");
        ensure!(train.features == test.features, "images of {} pixels, for the test {}", train.features, test.features);
        let classes = train.labels.iter().max().map_or(0, |most| *most as usize + 1);
        ensure!(classes >= 2, "one class: expected two or more");
        if let Some(unknown) = test.labels.iter().find(|label| **label as usize >= classes) {
            bail!("class {unknown} in the test: expected one of the {classes} to learn");
        }
        Ok(DataSet { train, test, classes })
    }

    /// Of every pixel and label: data sets with the same are taken for the same.
    pub fn checksum(&self) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        for Images { pixels, labels, .. } in [&self.train, &self.test] {
            pixels.iter().for_each(|pixel| hasher.update(&pixel.to_le_bytes()));
            labels.iter().for_each(|label| hasher.update(&label.to_le_bytes()));
        }
        hasher.finalize()
    }
}

/// A file, unpacked if it is gzipped.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).with_context(|| path.display().to_string())?;
    Ok(unpacked)
}

fn read_csv(bytes: &[u8]) -> anyhow::Result<Images> {
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for record in csv::Reader::from_reader(bytes).deserialize() {
        let mut row: Vec<f32> = record?;
        let label = row.pop().context("an empty row")?;
        ensure!((0.0..=9.0).contains(&label) && label.fract() == 0.0, "digit {label}: expected 0 to 9");
        if let Some(pixel) = row.iter().find(|pixel| !(0.0..=LARGEST_OF_DIGITS).contains(*pixel)) {
            bail!("pixel {pixel}: expected 0 to {LARGEST_OF_DIGITS}");
        }
        labels.push(label as u32);
        pixels.extend(row.iter().map(|pixel| pixel / LARGEST_OF_DIGITS));
    }
    Images::new(pixels, labels)
}

fn read_pixels(path: &Path) -> anyhow::Result<Vec<f32>> {
    let bytes = read(path)?;
    Ok(entries(&bytes, IMAGES)?.iter().map(|pixel| f32::from(*pixel) / 255.0).collect())
}

fn read_labels(path: &Path) -> anyhow::Result<Vec<u32>> {
    let bytes = read(path)?;
    Ok(entries(&bytes, LABELS)?.iter().map(|label| u32::from(*label)).collect())
}

/// What follows the header of an IDX file, if it is as long as the header says.
fn entries(bytes: &[u8], magic: [u8; 4]) -> anyhow::Result<&[u8]> {
    let dimensions = usize::from(magic[3]);
    let rest =
        bytes.strip_prefix(&magic).with_context(|| format!("expected an IDX file that begins with {magic:02x?}"))?;
    let (shape, entries) = rest.split_at_checked(4 * dimensions).context("an IDX file without its shape")?;
    let mut shape = shape.as_chunks().0.iter().map(|d| u32::from_be_bytes(*d) as usize);
    let announced = shape.try_fold(1usize, |product, d| product.checked_mul(d));
    ensure!(announced == Some(entries.len()), "{} bytes of entries: not what the header announces", entries.len());
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idx(magic: [u8; 4], shape: &[u32], entries: &[u8]) -> Vec<u8> {
        let shape = shape.iter().flat_map(|d| d.to_be_bytes());
        magic.into_iter().chain(shape).chain(entries.iter().copied()).collect()
    }

    #[test]
    fn reads_idx_files() {
        let folder = tempfile::tempdir().unwrap();
        let [images, labels] = ["images", "labels"].map(|name| folder.path().join(name));
        fs::write(&images, idx(IMAGES, &[2, 1, 2], &[0, 255, 51, 0])).unwrap();
        fs::write(&labels, idx(LABELS, &[2], &[1, 0])).unwrap();
        let data = DataSet::idx([&images, &labels, &images, &labels]).unwrap();
        assert_eq!(data.train, Images { pixels: vec![0.0, 1.0, 0.2, 0.0], labels: vec![1, 0], features: 2 });
        fs::write(&labels, idx(LABELS, &[3], &[1, 0, 1])).unwrap();
        assert!(DataSet::idx([&images, &labels, &images, &labels]).is_err(), "three labels for two images");
    }

    #[test]
    fn refuses_malformed_idx() {
        let whole = idx(IMAGES, &[1, 2, 2], &[1, 2, 3, 4]);
        assert_eq!(entries(&whole, IMAGES).unwrap(), [1, 2, 3, 4]);
        for length in 0..whole.len() {
            assert!(entries(&whole[..length], IMAGES).is_err(), "{length} bytes");
        }
        assert!(entries(&whole, LABELS).is_err());
        assert!(entries(&idx(IMAGES, &[u32::MAX; 3], &[]), IMAGES).is_err());
    }

    #[test]
    fn refuses_malformed_csv() {
        let read = |rows: &str| read_csv(format!("p0,p1,digit\n{rows}").as_bytes());
        assert_eq!(read("8,16,3").unwrap(), Images { pixels: vec![0.5, 1.0], labels: vec![3], features: 2 });
        for rows in ["", "8,16", "8,16,x", "8,17,3", "8,NaN,3", "8,16,3.5", "8,16,-1", "8,16,10"] {
            assert!(read(rows).is_err(), "{rows}");
        }
    }

    #[test]
    fn every_fifth_digit_is_for_the_test() {
        let data = DataSet::digits(&crate::root().join("data/digits.csv")).unwrap();
        assert_eq!([data.train.labels.len(), data.test.labels.len()], [1438, 359]);
        assert_eq!((data.train.features, data.classes), (64, 10));
        let mut another = data.clone();
        another.test.pixels[7] += 0.5;
        assert_ne!(data.checksum(), another.checksum());
    }

    #[test]
    fn refuses_a_class_that_cannot_be_learnt() {
        let images = |labels: &[u32]| Images::new(vec![0.0; labels.len()], labels.to_vec()).unwrap();
        assert!(DataSet::new(images(&[0, 1]), images(&[1])).is_ok());
        assert!(DataSet::new(images(&[0, 1]), images(&[2])).is_err());
        assert!(DataSet::new(images(&[0, 0]), images(&[0])).is_err());
    }
}
