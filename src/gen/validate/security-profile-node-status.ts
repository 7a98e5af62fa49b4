// Generated from schemas/crd/security-profile-node-status.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// @ts-nocheck The code below is ajv's, which has no types; what is exported has.

import type { SecurityProfileNodeStatus } from '../crd/security-profile-node-status.ts';
import { countCharacters, findFaults, isIntOrString, type Fault } from './fault.ts';

const schema31 = {"type":"object","required":["apiVersion","kind","metadata","nodeName"],"properties":{"apiVersion":{"type":"string","enum":["security-profiles-operator.x-k8s.io/v1alpha1"]},"kind":{"type":"string","enum":["SecurityProfileNodeStatus"]},"metadata":{"type":"object","required":["name"],"properties":{"name":{"type":"string","maxLength":253},"generateName":{"type":"string","maxLength":253},"namespace":{"type":"string","maxLength":63},"labels":{"type":"object","additionalProperties":{"type":"string"}},"annotations":{"type":"object","additionalProperties":{"type":"string"}}},"additionalProperties":true},"nodeName":{"type":"string","minLength":1,"maxLength":253},"status":{"type":"object","properties":{"status":{"type":"string","enum":["Error","Terminating","Partial","Disabled","Pending","InProgress","Installed"]},"installed":{"minimum":0,"maximum":2147483647,"type":"integer"},"pending":{"minimum":0,"maximum":2147483647,"type":"integer"},"failed":{"minimum":0,"maximum":2147483647,"type":"integer"},"conditions":{"type":"array","maxItems":32,"items":{"$ref":"#/$defs/condition"}},"profiles":{"type":"object","maxProperties":4096,"additionalProperties":{"type":"object","required":["state"],"properties":{"state":{"type":"string","enum":["Error","Terminating","Partial","Disabled","Pending","InProgress","Installed"]},"uid":{"type":"string","maxLength":128},"generation":{"type":"integer","minimum":0},"hash":{"type":"string","maxLength":64,"pattern":"^[0-9a-f]{8,64}$"},"reason":{"type":"string","maxLength":128},"message":{"type":"string","maxLength":1024},"since":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"}},"additionalProperties":false}}},"additionalProperties":false}},"additionalProperties":false,"$defs":{"condition":{"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false}}};
const schema32 = {"type":"object","required":["type","status","reason","lastTransitionTime"],"properties":{"type":{"type":"string","minLength":1,"maxLength":316},"status":{"type":"string","enum":["True","False","Unknown"]},"observedGeneration":{"type":"integer","minimum":0},"lastTransitionTime":{"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$","type":"string"},"reason":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"},"message":{"type":"string","maxLength":32768}},"additionalProperties":false};
const func1 = countCharacters;
const pattern4 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$", "u");
const pattern5 = new RegExp("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$", "u");
const pattern6 = new RegExp("^[0-9a-f]{8,64}$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.nodeName === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "nodeName"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "nodeName")) || (key0 === "status"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err5 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(data0 === "security-profiles-operator.x-k8s.io/v1alpha1")){
const err6 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/enum",keyword:"enum",params:{allowedValues: schema31.properties.apiVersion.enum}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(data1 === "SecurityProfileNodeStatus")){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.kind.enum}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err9 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func1(data3) > 253){
const err10 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.generateName !== undefined){
let data4 = data2.generateName;
if(typeof data4 === "string"){
if(func1(data4) > 253){
const err12 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/metadata/generateName",schemaPath:"#/properties/metadata/properties/generateName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data2.namespace !== undefined){
let data5 = data2.namespace;
if(typeof data5 === "string"){
if(func1(data5) > 63){
const err14 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 63}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/metadata/namespace",schemaPath:"#/properties/metadata/properties/namespace/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data2.labels !== undefined){
let data6 = data2.labels;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
for(const key1 in data6){
if(typeof data6[key1] !== "string"){
const err16 = {instancePath:instancePath+"/metadata/labels/" + key1.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/metadata/labels",schemaPath:"#/properties/metadata/properties/labels/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data2.annotations !== undefined){
let data8 = data2.annotations;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key2 in data8){
if(typeof data8[key2] !== "string"){
const err18 = {instancePath:instancePath+"/metadata/annotations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/annotations/additionalProperties/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/metadata/annotations",schemaPath:"#/properties/metadata/properties/annotations/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.nodeName !== undefined){
let data10 = data.nodeName;
if(typeof data10 === "string"){
if(func1(data10) > 253){
const err21 = {instancePath:instancePath+"/nodeName",schemaPath:"#/properties/nodeName/maxLength",keyword:"maxLength",params:{limit: 253}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(func1(data10) < 1){
const err22 = {instancePath:instancePath+"/nodeName",schemaPath:"#/properties/nodeName/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/nodeName",schemaPath:"#/properties/nodeName/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.status !== undefined){
let data11 = data.status;
if(data11 && typeof data11 == "object" && !Array.isArray(data11)){
for(const key3 in data11){
if(!((((((key3 === "status") || (key3 === "installed")) || (key3 === "pending")) || (key3 === "failed")) || (key3 === "conditions")) || (key3 === "profiles"))){
const err24 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data11.status !== undefined){
let data12 = data11.status;
if(typeof data12 !== "string"){
const err25 = {instancePath:instancePath+"/status/status",schemaPath:"#/properties/status/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(!(((((((data12 === "Error") || (data12 === "Terminating")) || (data12 === "Partial")) || (data12 === "Disabled")) || (data12 === "Pending")) || (data12 === "InProgress")) || (data12 === "Installed"))){
const err26 = {instancePath:instancePath+"/status/status",schemaPath:"#/properties/status/properties/status/enum",keyword:"enum",params:{allowedValues: schema31.properties.status.properties.status.enum}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data11.installed !== undefined){
let data13 = data11.installed;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err27 = {instancePath:instancePath+"/status/installed",schemaPath:"#/properties/status/properties/installed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 2147483647 || isNaN(data13)){
const err28 = {instancePath:instancePath+"/status/installed",schemaPath:"#/properties/status/properties/installed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data13 < 0 || isNaN(data13)){
const err29 = {instancePath:instancePath+"/status/installed",schemaPath:"#/properties/status/properties/installed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
if(data11.pending !== undefined){
let data14 = data11.pending;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
const err30 = {instancePath:instancePath+"/status/pending",schemaPath:"#/properties/status/properties/pending/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 2147483647 || isNaN(data14)){
const err31 = {instancePath:instancePath+"/status/pending",schemaPath:"#/properties/status/properties/pending/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data14 < 0 || isNaN(data14)){
const err32 = {instancePath:instancePath+"/status/pending",schemaPath:"#/properties/status/properties/pending/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
if(data11.failed !== undefined){
let data15 = data11.failed;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
const err33 = {instancePath:instancePath+"/status/failed",schemaPath:"#/properties/status/properties/failed/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 > 2147483647 || isNaN(data15)){
const err34 = {instancePath:instancePath+"/status/failed",schemaPath:"#/properties/status/properties/failed/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(data15 < 0 || isNaN(data15)){
const err35 = {instancePath:instancePath+"/status/failed",schemaPath:"#/properties/status/properties/failed/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
}
if(data11.conditions !== undefined){
let data16 = data11.conditions;
if(Array.isArray(data16)){
if(data16.length > 32){
const err36 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/maxItems",keyword:"maxItems",params:{limit: 32}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
const len0 = data16.length;
for(let i0=0; i0<len0; i0++){
let data17 = data16[i0];
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
if(data17.type === undefined){
const err37 = {instancePath:instancePath+"/status/conditions/" + i0,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "type"}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data17.status === undefined){
const err38 = {instancePath:instancePath+"/status/conditions/" + i0,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "status"}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data17.reason === undefined){
const err39 = {instancePath:instancePath+"/status/conditions/" + i0,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "reason"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data17.lastTransitionTime === undefined){
const err40 = {instancePath:instancePath+"/status/conditions/" + i0,schemaPath:"#/$defs/condition/required",keyword:"required",params:{missingProperty: "lastTransitionTime"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
for(const key4 in data17){
if(!((((((key4 === "type") || (key4 === "status")) || (key4 === "observedGeneration")) || (key4 === "lastTransitionTime")) || (key4 === "reason")) || (key4 === "message"))){
const err41 = {instancePath:instancePath+"/status/conditions/" + i0,schemaPath:"#/$defs/condition/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data17.type !== undefined){
let data18 = data17.type;
if(typeof data18 === "string"){
if(func1(data18) > 316){
const err42 = {instancePath:instancePath+"/status/conditions/" + i0+"/type",schemaPath:"#/$defs/condition/properties/type/maxLength",keyword:"maxLength",params:{limit: 316}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(func1(data18) < 1){
const err43 = {instancePath:instancePath+"/status/conditions/" + i0+"/type",schemaPath:"#/$defs/condition/properties/type/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
else {
const err44 = {instancePath:instancePath+"/status/conditions/" + i0+"/type",schemaPath:"#/$defs/condition/properties/type/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
if(data17.status !== undefined){
let data19 = data17.status;
if(typeof data19 !== "string"){
const err45 = {instancePath:instancePath+"/status/conditions/" + i0+"/status",schemaPath:"#/$defs/condition/properties/status/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if(!(((data19 === "True") || (data19 === "False")) || (data19 === "Unknown"))){
const err46 = {instancePath:instancePath+"/status/conditions/" + i0+"/status",schemaPath:"#/$defs/condition/properties/status/enum",keyword:"enum",params:{allowedValues: schema32.properties.status.enum}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data17.observedGeneration !== undefined){
let data20 = data17.observedGeneration;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
const err47 = {instancePath:instancePath+"/status/conditions/" + i0+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 < 0 || isNaN(data20)){
const err48 = {instancePath:instancePath+"/status/conditions/" + i0+"/observedGeneration",schemaPath:"#/$defs/condition/properties/observedGeneration/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
}
if(data17.lastTransitionTime !== undefined){
let data21 = data17.lastTransitionTime;
if(typeof data21 === "string"){
if(!pattern4.test(data21)){
const err49 = {instancePath:instancePath+"/status/conditions/" + i0+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/status/conditions/" + i0+"/lastTransitionTime",schemaPath:"#/$defs/condition/properties/lastTransitionTime/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data17.reason !== undefined){
let data22 = data17.reason;
if(typeof data22 === "string"){
if(func1(data22) > 1024){
const err51 = {instancePath:instancePath+"/status/conditions/" + i0+"/reason",schemaPath:"#/$defs/condition/properties/reason/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(func1(data22) < 1){
const err52 = {instancePath:instancePath+"/status/conditions/" + i0+"/reason",schemaPath:"#/$defs/condition/properties/reason/minLength",keyword:"minLength",params:{limit: 1}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(!pattern5.test(data22)){
const err53 = {instancePath:instancePath+"/status/conditions/" + i0+"/reason",schemaPath:"#/$defs/condition/properties/reason/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
else {
const err54 = {instancePath:instancePath+"/status/conditions/" + i0+"/reason",schemaPath:"#/$defs/condition/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data17.message !== undefined){
let data23 = data17.message;
if(typeof data23 === "string"){
if(func1(data23) > 32768){
const err55 = {instancePath:instancePath+"/status/conditions/" + i0+"/message",schemaPath:"#/$defs/condition/properties/message/maxLength",keyword:"maxLength",params:{limit: 32768}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/status/conditions/" + i0+"/message",schemaPath:"#/$defs/condition/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
else {
const err57 = {instancePath:instancePath+"/status/conditions/" + i0,schemaPath:"#/$defs/condition/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
}
else {
const err58 = {instancePath:instancePath+"/status/conditions",schemaPath:"#/properties/status/properties/conditions/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
if(data11.profiles !== undefined){
let data24 = data11.profiles;
if(data24 && typeof data24 == "object" && !Array.isArray(data24)){
if(Object.keys(data24).length > 4096){
const err59 = {instancePath:instancePath+"/status/profiles",schemaPath:"#/properties/status/properties/profiles/maxProperties",keyword:"maxProperties",params:{limit: 4096}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
for(const key5 in data24){
let data25 = data24[key5];
if(data25 && typeof data25 == "object" && !Array.isArray(data25)){
if(data25.state === undefined){
const err60 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/status/properties/profiles/additionalProperties/required",keyword:"required",params:{missingProperty: "state"}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
for(const key6 in data25){
if(!(((((((key6 === "state") || (key6 === "uid")) || (key6 === "generation")) || (key6 === "hash")) || (key6 === "reason")) || (key6 === "message")) || (key6 === "since"))){
const err61 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/status/properties/profiles/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data25.state !== undefined){
let data26 = data25.state;
if(typeof data26 !== "string"){
const err62 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/state",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/state/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(!(((((((data26 === "Error") || (data26 === "Terminating")) || (data26 === "Partial")) || (data26 === "Disabled")) || (data26 === "Pending")) || (data26 === "InProgress")) || (data26 === "Installed"))){
const err63 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/state",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/state/enum",keyword:"enum",params:{allowedValues: schema31.properties.status.properties.profiles.additionalProperties.properties.state.enum}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data25.uid !== undefined){
let data27 = data25.uid;
if(typeof data27 === "string"){
if(func1(data27) > 128){
const err64 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/uid",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/uid/maxLength",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
else {
const err65 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/uid",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/uid/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data25.generation !== undefined){
let data28 = data25.generation;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
const err66 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/generation",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/generation/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 < 0 || isNaN(data28)){
const err67 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/generation",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/generation/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
}
if(data25.hash !== undefined){
let data29 = data25.hash;
if(typeof data29 === "string"){
if(func1(data29) > 64){
const err68 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/hash",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/hash/maxLength",keyword:"maxLength",params:{limit: 64}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(!pattern6.test(data29)){
const err69 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/hash",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/hash/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{8,64}$"}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/hash",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/hash/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data25.reason !== undefined){
let data30 = data25.reason;
if(typeof data30 === "string"){
if(func1(data30) > 128){
const err71 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/reason",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/reason/maxLength",keyword:"maxLength",params:{limit: 128}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
else {
const err72 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/reason",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/reason/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
if(data25.message !== undefined){
let data31 = data25.message;
if(typeof data31 === "string"){
if(func1(data31) > 1024){
const err73 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/message",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/message/maxLength",keyword:"maxLength",params:{limit: 1024}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
else {
const err74 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/message",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/message/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
if(data25.since !== undefined){
let data32 = data25.since;
if(typeof data32 === "string"){
if(!pattern4.test(data32)){
const err75 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/since",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/since/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
else {
const err76 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/since",schemaPath:"#/properties/status/properties/profiles/additionalProperties/properties/since/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
}
else {
const err77 = {instancePath:instancePath+"/status/profiles/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/status/properties/profiles/additionalProperties/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
}
else {
const err78 = {instancePath:instancePath+"/status/profiles",schemaPath:"#/properties/status/properties/profiles/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
}
else {
const err79 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
}
else {
const err80 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const fits = validate20;

const hints = {
  "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$": "must be a time such as 2026-01-31T12:00:00Z",
  "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$": "must be one CamelCase word",
  "^[0-9a-f]{8,64}$": "must be 8 to 64 hexadecimal digits"
};

const rules = [
];

/** Every fault of a value that should be a SecurityProfileNodeStatus; none when it is one. Faults that need the cluster or a node are found elsewhere. */
export function validateSecurityProfileNodeStatus(value: unknown): readonly Fault[] {
  return findFaults(value, { fits, rules, hints });
}

/** Whether a value is a SecurityProfileNodeStatus. */
export function isSecurityProfileNodeStatus(value: unknown): value is SecurityProfileNodeStatus {
  return validateSecurityProfileNodeStatus(value).length === 0;
}
